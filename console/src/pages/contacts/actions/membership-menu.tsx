import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import type { Shape } from "../../../api/location-api.ts";
import { cancelTexts, freezeTexts, planTexts, resumeTexts, unfreezeTexts } from "../../../texts/contact-actions.ts";
import { membershipTexts } from "../../../texts/contact.ts";
import { CancelDialog, ResumeDialog } from "./cancel-dialogs.tsx";
import { ChangePlanDialog } from "./change-plan-dialog.tsx";
import type { MembershipActionProps } from "./contact-action.ts";
import { FreezeDialog, UnfreezeDialog } from "./freeze-dialogs.tsx";

const DIALOGS = {
  freeze: FreezeDialog,
  unfreeze: UnfreezeDialog,
  plan: ChangePlanDialog,
  cancel: CancelDialog,
  resume: ResumeDialog,
} as const;

const LABELS = {
  freeze: freezeTexts.action,
  unfreeze: unfreezeTexts.action,
  plan: planTexts.action,
  cancel: cancelTexts.action,
  resume: resumeTexts.action,
} as const satisfies Record<keyof typeof DIALOGS, string>;

type Action = keyof typeof DIALOGS;

/** What can be done with a membership as it stands. */
function actionsOf({ status, ends_at, freezes }: Shape<"Membership">): Action[] {
  if (status === "ended") return [];
  const is_freezing = freezes.some((freeze) => freeze.status === "active" || freeze.status === "planned");
  return ["freeze", ...(is_freezing ? (["unfreeze"] as const) : []), "plan", ends_at === null ? "cancel" : "resume"];
}

/** The menu of a membership, and the dialogs that it opens. */
export function MembershipMenu(props: Omit<MembershipActionProps, "onClose">) {
  const { membership } = props;
  const [open, setOpen] = useState<Action | null>(null);
  const Opened = open && DIALOGS[open];
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon aria-label={membershipTexts.actions(membership.name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {actionsOf(membership).map((action) => (
            <Menu.Item key={action} onClick={() => setOpen(action)} {...(action === "cancel" && { c: "var(--k-bad)" })}>
              {LABELS[action]}…
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {Opened && <Opened {...props} onClose={() => setOpen(null)} />}
    </>
  );
}
