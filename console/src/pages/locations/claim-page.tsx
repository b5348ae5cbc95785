import { Button, Group, Select, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ask } from "../../api/client.ts";
import { useOwnAsk } from "../../api/own-api.ts";
import { sessionQuery, useSession } from "../../api/session.ts";
import { paths } from "../../paths.ts";
import { claimTexts as texts } from "../../texts/locations.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { toastDone } from "../../ui/toast.ts";

/** Whose an installation is that began in GoHighLevel's marketplace. What claims it stands behind the #, so that no log has it. */
export function ClaimPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const query = useOwnAsk("/installations/unclaimed", { body: { token } }, { enabled: token !== "" });
  if (token === "") return <EmptyState icon={IconPlugConnected} title={texts.nothing} about={texts.nothing_about} />;
  return (
    <Page title={texts.title} is_narrow>
      <Loaded query={query}>
        {({ installation }) => <ClaimForm token={token} company={installation.company_name ?? texts.an_agency} />}
      </Loaded>
    </Page>
  );
}

function ClaimForm({ token, company }: { token: string; company: string }) {
  const { workspaces } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const own = workspaces.filter(({ role, is_support }) => role !== "viewer" && !is_support);
  const state = useServerForm({
    initial: { workspace: own[0]?.workspace_id ?? "" },
    submit: async ({ workspace }) => {
      const call = { method: "post", path: "/installations/claim", body: { token } } as const;
      await ask(`/workspaces/${workspace}`, call);
      // The frame knows only the locations of the session.
      await queries.refetchQueries(sessionQuery);
      return workspace;
    },
    onDone: (workspace) => {
      toastDone(texts.claimed);
      void navigate(paths.locations(workspace), { replace: true });
    },
  });
  if (own.length === 0) return <Text size="sm" children={texts.nowhere} />;
  return (
    <FormBody of={state}>
      <Text size="sm">{texts.about(company)}</Text>
      <Select
        label={texts.workspace}
        allowDeselect={false}
        maw={360}
        data={own.map(({ workspace_id: value, name: label }) => ({ value, label }))}
        {...state.form.getInputProps("workspace")}
      />
      <Group>
        <Button type="submit" loading={state.is_busy}>
          {texts.claim}
        </Button>
      </Group>
    </FormBody>
  );
}
