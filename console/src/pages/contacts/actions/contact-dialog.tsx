import { AdjustDialog } from "./adjust-dialog.tsx";
import type { ContactActionProps } from "./contact-action.ts";
import { ExtendDialog } from "./extend-dialog.tsx";
import { GrantDialog } from "./grant-dialog.tsx";
import { RestoreDialog } from "./restore-dialog.tsx";

const DIALOGS = { grant: GrantDialog, adjust: AdjustDialog, restore: RestoreDialog, extend: ExtendDialog } as const;

export type ContactAction = keyof typeof DIALOGS;

/** What is asked before something is done with a contact's credits. */
export function ContactDialog({ action, ...props }: ContactActionProps & { action: ContactAction }) {
  const Opened = DIALOGS[action];
  return <Opened {...props} />;
}
