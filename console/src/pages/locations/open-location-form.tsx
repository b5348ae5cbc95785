import { Button, Group, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { sessionQuery } from "../../api/session.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { paths } from "../../paths.ts";
import { locationsTexts } from "../../texts/locations.ts";
import { uiTexts } from "../../texts/ui.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { AddedCost } from "../billing/added-cost.tsx";
import { currencies, ownTimeZone, TIME_ZONES } from "./zones.ts";

const { create: texts } = locationsTexts;

type OpenValues = { name: string; timezone: string | null; currency: string };

interface OpenLocationFormProps {
  is_sandbox: boolean;
  onBack: () => void;
  onDone: () => void;
}

/** A location without GoHighLevel; it leads on to its first steps. */
export function OpenLocationForm({ is_sandbox, onBack, onDone }: OpenLocationFormProps) {
  const open = useWorkspaceChange("/locations");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const all_currencies = useMemo(currencies, []);
  const state = useServerForm<OpenValues, { location_id: string }>({
    initial: { name: "", timezone: ownTimeZone(), currency: "USD" },
    check: ({ name, timezone }) => ({
      name: name.trim() === "" && texts.name_needed,
      timezone: timezone === null && texts.timezone_needed,
    }),
    submit: async ({ name, timezone, currency }) => {
      const opened = await open.mutateAsync({
        body: { name: name.trim(), timezone: timezone ?? "", currency, sandbox: is_sandbox },
      });
      // The frame knows only the locations of the session.
      await queries.refetchQueries(sessionQuery);
      return opened;
    },
    onDone: ({ location_id }, { name }) => {
      toastDone(texts.opened(name));
      onDone();
      void navigate(is_sandbox ? paths.gettingStarted(location_id) : paths.apiClients(location_id));
    },
  });
  const { form } = state;
  return (
    <FormBody of={state}>
      <TextInput label={texts.name} required autoFocus maxLength={255} {...form.getInputProps("name")} />
      <Select
        label={texts.timezone}
        description={texts.timezone_about}
        required
        searchable
        limit={60}
        data={[...TIME_ZONES]}
        {...form.getInputProps("timezone")}
      />
      <Select
        label={texts.currency}
        searchable
        limit={60}
        allowDeselect={false}
        data={all_currencies}
        {...form.getInputProps("currency")}
      />
      {!is_sandbox && (
        <div>
          <AddedCost further={1} />
        </div>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          {uiTexts.back}
        </Button>
        <Button type="submit" loading={state.is_busy}>
          {texts.open}
        </Button>
      </Group>
    </FormBody>
  );
}
