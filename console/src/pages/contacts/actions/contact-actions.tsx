import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { actionTexts } from "../../../texts/contact-actions.ts";
import { AdjustDialog } from "./adjust-dialog.tsx";
import type { ContactActionProps } from "./contact-action.ts";
import { ExtendDialog } from "./extend-dialog.tsx";
import { GrantDialog } from "./grant-dialog.tsx";
import { RestoreDialog } from "./restore-dialog.tsx";

const DIALOGS = { grant: GrantDialog, adjust: AdjustDialog, restore: RestoreDialog, extend: ExtendDialog } as const;
type Action = keyof typeof DIALOGS;

const MORE = ["adjust", "restore", "extend"] as const satisfies readonly Action[];

/** What can be done with a contact's credits, and the dialogs that do it. */
export function ContactActions(props: Omit<ContactActionProps, "onClose">) {
  const [open, setOpen] = useState<Action | null>(null);
  const Opened = open && DIALOGS[open];
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            {actionTexts.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {MORE.map((action) => (
            <Menu.Item key={action} onClick={() => setOpen(action)}>
              {actionTexts[action]}…
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button onClick={() => setOpen("grant")}>{actionTexts.grant}</Button>
      {Opened && <Opened {...props} onClose={() => setOpen(null)} />}
    </>
  );
}
