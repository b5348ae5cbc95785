import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useIsOwner } from "../../api/place.ts";
import { useSession } from "../../api/session.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { roleTexts, usersTexts } from "../../texts/users.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";
import { RoleDialog } from "./role-dialog.tsx";
import { nameOf, type User } from "./user.ts";

const { columns: titles, second_factor } = usersTexts;

/** Who belongs to the workspace, in which role. */
export function PeopleTable({ users }: { users: readonly User[] }) {
  const { user: me } = useSession();
  const is_owner = useIsOwner();
  const columns: readonly Column<User>[] = [
    {
      key: "name",
      title: titles.name,
      is_name: true,
      cell: (user) => (
        <Text span inherit fw={500}>
          {nameOf(user)}
          {user.user_id === me.id && <Text span inherit c="dimmed" fw={400} children={` · ${usersTexts.you}`} />}
        </Text>
      ),
    },
    { key: "email", title: titles.email, cell: ({ email }) => email },
    { key: "role", title: titles.role, cell: ({ role }) => roleTexts[role].name },
    {
      key: "second_factor",
      title: titles.second_factor,
      from: "tablet",
      cell: ({ two_factor }) => (
        <Badge tone={two_factor ? "good" : "quiet"}>{two_factor ? second_factor.on : second_factor.off}</Badge>
      ),
    },
    {
      key: "joined",
      title: titles.joined,
      from: "tablet",
      cell: ({ joined_at }) => <When at={joined_at} style="day" />,
    },
  ];
  return (
    <DataTable
      label={usersTexts.people}
      columns={columns}
      rows={users}
      keyOf={({ user_id }) => user_id}
      {...(is_owner && { actions: (user: User) => <UserActions user={user} is_me={user.user_id === me.id} /> })}
    />
  );
}

type Action = "change_role" | "hand_over" | "remove";

function UserActions({ user, is_me }: { user: User; is_me: boolean }) {
  const [open, setOpen] = useState<Action | null>(null);
  const close = () => setOpen(null);
  const actions: Action[] = is_me ? ["change_role", "remove"] : ["change_role", "hand_over", "remove"];
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={usersTexts.menu(nameOf(user))}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map((action) => (
            <Menu.Item key={action} onClick={() => setOpen(action)} {...(action === "remove" && { color: "red" })}>
              {usersTexts[action].action}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open === "change_role" && <RoleDialog user={user} onClose={close} />}
      {open === "hand_over" && <HandOver user={user} onClose={close} />}
      {open === "remove" && <Remove user={user} onClose={close} />}
    </>
  );
}

function HandOver({ user, onClose }: { user: User; onClose: () => void }) {
  const { hand_over: texts } = usersTexts;
  const handOver = useWorkspaceChange("/users/{user_id}/hand-over");
  const name = nameOf(user);
  return (
    <ConfirmDialog
      title={texts.title(name)}
      about={texts.about(name)}
      confirm={texts.confirm}
      run={() => handOver.mutateAsync({ path: { user_id: user.user_id } })}
      done={texts.done(name)}
      onClose={onClose}
    />
  );
}

function Remove({ user, onClose }: { user: User; onClose: () => void }) {
  const { remove: texts } = usersTexts;
  const remove = useWorkspaceChange("/users/{user_id}", "delete");
  const name = nameOf(user);
  return (
    <ConfirmDialog
      title={texts.title(name)}
      about={texts.about(name)}
      confirm={texts.confirm}
      is_dangerous
      run={() => remove.mutateAsync({ path: { user_id: user.user_id } })}
      done={texts.done(name)}
      onClose={onClose}
    />
  );
}
