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

export type MembershipAction = keyof typeof DIALOGS;

/** What is asked before something is done with a membership. */
export function MembershipDialog({ action, ...props }: MembershipActionProps & { action: MembershipAction }) {
  const Opened = DIALOGS[action];
  return <Opened {...props} />;
}
