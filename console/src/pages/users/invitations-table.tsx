import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "../../api/api-error.ts";
import { useIsOwner } from "../../api/place.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { roleTexts, usersTexts } from "../../texts/users.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { toastDone, toastFailed } from "../../ui/toast.ts";
import { When } from "../../ui/when.tsx";
import type { Invitation } from "./user.ts";

const { invitation_columns: titles } = usersTexts;

const COLUMNS: readonly Column<Invitation>[] = [
  {
    key: "email",
    title: titles.email,
    is_name: true,
    cell: ({ email }) => <Text span inherit fw={500} children={email} />,
  },
  { key: "role", title: titles.role, cell: ({ role }) => roleTexts[role].name },
  { key: "by", title: titles.by, from: "tablet", cell: ({ invited_by }) => invited_by },
  { key: "sent", title: titles.sent, from: "tablet", cell: ({ invited_at }) => <When at={invited_at} style="short" /> },
  {
    key: "until",
    title: titles.until,
    cell: ({ expires_at, is_expired }) =>
      is_expired ? <Badge tone="warn">{usersTexts.expired}</Badge> : <When at={expires_at} style="short" />,
  },
];

/** Who is invited and did not come yet. */
export function InvitationsTable({ invitations }: { invitations: readonly Invitation[] }) {
  const is_owner = useIsOwner();
  if (invitations.length === 0) return <Text size="sm" c="dimmed" children={usersTexts.no_invitations} />;
  return (
    <DataTable
      label={usersTexts.invitations}
      columns={COLUMNS}
      rows={invitations}
      keyOf={({ invitation_id }) => invitation_id}
      {...(is_owner && { actions: (invitation: Invitation) => <InvitationActions invitation={invitation} /> })}
    />
  );
}

function InvitationActions({ invitation: { invitation_id, email } }: { invitation: Invitation }) {
  const { resend: resend_texts, withdraw: texts } = usersTexts;
  const [is_withdrawing, setWithdrawing] = useState(false);
  const resend = useWorkspaceChange("/invitations/{invitation_id}/resend");
  const withdraw = useWorkspaceChange("/invitations/{invitation_id}", "delete");
  const path = { invitation_id };
  const send = async () => {
    try {
      await resend.mutateAsync({ path });
      toastDone(resend_texts.done(email));
    } catch (error) {
      toastFailed(asApiError(error).message);
    }
  };
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Button variant="default" size="compact-xs" loading={resend.isPending} onClick={() => void send()}>
        {resend_texts.action}
      </Button>
      <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setWithdrawing(true)}>
        {texts.action}
      </Button>
      {is_withdrawing && (
        <ConfirmDialog
          title={texts.title(email)}
          about={texts.about}
          confirm={texts.confirm}
          is_dangerous
          run={() => withdraw.mutateAsync({ path })}
          done={texts.done(email)}
          onClose={() => setWithdrawing(false)}
        />
      )}
    </Group>
  );
}
