import { Button, Group, List, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { keyOf } from "../../api/calls.ts";
import { useIsOwner, useWorkspaceHere } from "../../api/place.ts";
import { sessionQuery } from "../../api/session.ts";
import { useWorkspaceChange, useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { paths } from "../../paths.ts";
import { settingsTexts as texts } from "../../texts/settings.ts";
import { SaveFailure } from "../../ui/edit-conflict.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { UnsavedGuard } from "../../ui/unsaved.tsx";
import { When } from "../../ui/when.tsx";
import { Facts } from "../../ui/why.tsx";

type Settings = WorkspaceAnswer<"/settings">;

/** A workspace's own settings, and what is kept for how long. */
export function SettingsPage() {
  const is_owner = useIsOwner();
  const query = useWorkspaceRead("/settings", {});
  const [edition, setEdition] = useState(0);
  return (
    <Page title={texts.title} is_narrow {...(!is_owner && { about: texts.only_owners })}>
      <Loaded query={query}>
        {(settings) => (
          <>
            {is_owner && (
              <NameForm key={edition} name={settings.name} onReload={() => setEdition((before) => before + 1)} />
            )}
            <About settings={settings} />
            <Keeping />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function NameForm({ name, onReload }: { name: string; onReload: () => void }) {
  const queries = useQueryClient();
  const { workspace_id } = useWorkspaceHere();
  const rename = useWorkspaceChange("/settings", "patch");
  // The name that the edit began with, whatever is read meanwhile.
  const [expected_name, setExpected] = useState(name);
  const state = useServerForm({
    initial: { name },
    check: (values) => ({ name: values.name.trim() === "" && texts.name_needed }),
    submit: (values) => rename.mutateAsync({ body: { name: values.name.trim(), expected_name } }),
    onDone: (saved) => {
      setExpected(saved.name);
      toastDone(texts.saved);
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const { form, failure } = state;
  const loadLatest = async () => {
    await queries.refetchQueries({ queryKey: keyOf(`/workspaces/${workspace_id}`, "/settings") });
    onReload();
  };
  return (
    <form noValidate onSubmit={state.onSubmit}>
      <Stack gap="md">
        <SaveFailure error={failure} mine={form.getValues()} onReload={() => void loadLatest()} />
        <TextInput
          label={texts.name}
          description={texts.name_about}
          required
          maxLength={255}
          maw={420}
          {...form.getInputProps("name")}
        />
        <Group>
          <Button type="submit" loading={state.is_busy} disabled={!form.isDirty()} children={texts.save} />
        </Group>
      </Stack>
      <UnsavedGuard is_dirty={form.isDirty() && !state.is_busy} />
    </form>
  );
}

function About({ settings: { name, key, workspace_id, created_at, billing_status } }: { settings: Settings }) {
  const is_owner = useIsOwner();
  const { locations } = useWorkspaceHere();
  const { facts } = texts;
  return (
    <Section title={texts.about}>
      <Facts
        facts={[
          ...(is_owner ? [] : [{ label: texts.name, value: name }]),
          { label: facts.billing, value: texts.billing[billing_status] },
          { label: facts.locations, value: formatNumber(locations.length) },
          { label: facts.created, value: <When at={created_at} style="day" /> },
          { label: facts.key, value: <Identity id={key} /> },
          { label: facts.id, value: <Identity id={workspace_id} /> },
        ]}
      />
    </Section>
  );
}

function Keeping() {
  const { workspace_id } = useWorkspaceHere();
  return (
    <Section title={texts.keeping}>
      <List size="sm" spacing={6}>
        {texts.keeping_about.map((sentence) => (
          <List.Item key={sentence}>
            <Text size="sm" c="dimmed" children={sentence} />
          </List.Item>
        ))}
      </List>
      <Group gap="xs">
        <Button variant="default" component={Link} to={paths.billing(workspace_id)} children={texts.open_billing} />
        <Button variant="default" component={Link} to={paths.auditTrail(workspace_id)} children={texts.open_audit} />
      </Group>
    </Section>
  );
}
