import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { actionTexts } from "../../../texts/contact-actions.ts";
import type { ContactActionProps } from "./contact-action.ts";
import type { ContactAction } from "./contact-dialog.tsx";

// Nobody needs the forms before they are opened.
const ContactDialog = lazy(async () => ({ default: (await import("./contact-dialog.tsx")).ContactDialog }));

const MORE = ["adjust", "restore", "extend"] as const satisfies readonly ContactAction[];

/** What can be done with a contact's credits, and the dialogs that do it. */
export function ContactActions(props: Omit<ContactActionProps, "onClose">) {
  const [open, setOpen] = useState<ContactAction | null>(null);
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
      <Suspense>{open && <ContactDialog {...props} action={open} onClose={() => setOpen(null)} />}</Suspense>
    </>
  );
}
