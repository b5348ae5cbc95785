import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Shape } from "../../../api/location-api.ts";
import { cancelTexts, freezeTexts, planTexts, resumeTexts, unfreezeTexts } from "../../../texts/contact-actions.ts";
import { membershipTexts } from "../../../texts/contact.ts";
import type { MembershipActionProps } from "./contact-action.ts";
import type { MembershipAction } from "./membership-dialog.tsx";

// Nobody needs the forms before they are opened.
const MembershipDialog = lazy(async () => ({ default: (await import("./membership-dialog.tsx")).MembershipDialog }));

const LABELS = {
  freeze: freezeTexts.action,
  unfreeze: unfreezeTexts.action,
  plan: planTexts.action,
  cancel: cancelTexts.action,
  resume: resumeTexts.action,
} as const satisfies Record<MembershipAction, string>;

/** What can be done with a membership as it stands. */
function actionsOf({ status, ends_at, freezes }: Shape<"Membership">): MembershipAction[] {
  if (status === "ended") return [];
  const is_freezing = freezes.some((freeze) => freeze.status === "active" || freeze.status === "planned");
  return ["freeze", ...(is_freezing ? (["unfreeze"] as const) : []), "plan", ends_at === null ? "cancel" : "resume"];
}

/** The menu of a membership, and the dialogs that it opens. */
export function MembershipMenu(props: Omit<MembershipActionProps, "onClose">) {
  const { membership } = props;
  const [open, setOpen] = useState<MembershipAction | null>(null);
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
      <Suspense>{open && <MembershipDialog {...props} action={open} onClose={() => setOpen(null)} />}</Suspense>
    </>
  );
}
