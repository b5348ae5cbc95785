import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useIsOwner } from "../../api/place.ts";
import { useWorkspaceChange, useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { supportTexts as texts } from "../../texts/users.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";
import { SupportDialog } from "./support-dialog.tsx";

type Grant = WorkspaceAnswer<"/support">["support_grants"][number];

const { columns: titles } = texts;

const COLUMNS: readonly Column<Grant>[] = [
  { key: "who", title: titles.who, is_name: true, cell: ({ email, user_id }) => email ?? user_id },
  { key: "reason", title: titles.reason, cell: ({ reason }) => reason },
  {
    key: "since",
    title: titles.granted,
    from: "tablet",
    cell: ({ granted_at }) => <When at={granted_at} style="short" />,
  },
  {
    key: "until",
    title: titles.until,
    cell: ({ expires_at, ended_at }) => <When at={ended_at ?? expires_at} style="short" />,
  },
  {
    key: "state",
    title: titles.state,
    cell: ({ is_open, ended_at }) => (
      <Badge tone={is_open ? "warn" : "quiet"}>
        {is_open ? texts.open : ended_at === null ? texts.over : texts.ended}
      </Badge>
    ),
  },
];

/** Who of Kotally's support may look, by an owner's leave, and who might before. */
export function SupportAccess() {
  const is_owner = useIsOwner();
  const query = useWorkspaceRead("/support", {});
  const [is_letting, setLetting] = useState(false);
  const supporters = query.data?.supporters ?? [];
  const button = is_owner && supporters.length > 0 && (
    <Button variant="default" onClick={() => setLetting(true)} children={texts.let} />
  );
  return (
    <Section title={texts.title} actions={button}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed" maw={640} children={texts.about} />
        <Loaded query={query}>
          {({ support_grants }) =>
            support_grants.length > 0 ? (
              <DataTable
                label={texts.title}
                columns={COLUMNS}
                rows={support_grants}
                keyOf={({ support_grant_id }) => support_grant_id}
                toneOf={({ is_open }) => (is_open ? "warn" : undefined)}
                {...(is_owner && { actions: (grant: Grant) => grant.is_open && <EndGrant grant={grant} /> })}
              />
            ) : (
              <Text size="sm" children={supporters.length === 0 ? texts.nobody : texts.never} />
            )
          }
        </Loaded>
      </Stack>
      {is_letting && <SupportDialog supporters={supporters} onClose={() => setLetting(false)} />}
    </Section>
  );
}

function EndGrant({ grant: { support_grant_id, email, user_id } }: { grant: Grant }) {
  const { end } = texts;
  const [is_ending, setEnding] = useState(false);
  const endGrant = useWorkspaceChange("/support/{support_grant_id}", "delete");
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setEnding(true)} children={end.action} />
      {is_ending && (
        <ConfirmDialog
          title={end.title(email ?? user_id)}
          about={end.about}
          confirm={end.confirm}
          run={() => endGrant.mutateAsync({ path: { support_grant_id } })}
          done={end.done}
          onClose={() => setEnding(false)}
        />
      )}
    </>
  );
}
