import { Drawer, Modal, type MantineSize } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useState, type ReactNode } from "react";
import { uiTexts } from "../texts/ui.ts";

interface DialogProps {
  title: string;
  onClose: () => void;
  size?: MantineSize | number;
  /** It shows what is never shown again: only its own button closes it. */
  is_shown_once?: boolean;
  children: ReactNode;
}

/** A dialog over the page; the whole screen on a phone. Mount it to open it. A click beside it does not close it: typed text would be gone. */
export function Dialog({ title, onClose, size = "md", is_shown_once = false, children }: DialogProps) {
  const is_phone = useMediaQuery("(max-width: 36em)");
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      fullScreen={is_phone}
      closeOnClickOutside={false}
      closeOnEscape={!is_shown_once}
      withCloseButton={!is_shown_once}
      closeButtonProps={{ "aria-label": uiTexts.close }}
    >
      {children}
    </Modal>
  );
}

/** A dialog at the side, to read something while the page stays in sight; the whole screen on a phone. Mount it to open it. */
export function SideDialog({ title, onClose, children }: Omit<DialogProps, "size" | "is_shown_once">) {
  useFocusBack();
  return (
    <Drawer
      opened
      onClose={onClose}
      title={title}
      position="right"
      size={460}
      overlayProps={{ backgroundOpacity: 0.12, blur: 0 }}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ "aria-label": uiTexts.close }}
    >
      {children}
    </Drawer>
  );
}

/** Focus goes back to what opened the dialog; the library does so only for one that stays mounted. */
function useFocusBack(): void {
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      if (document.activeElement === document.body) opener?.focus({ preventScroll: true });
    },
    [opener],
  );
}

/** An item of a menu is gone by then: its menu's button is not. */
function openerOf(active: Element | null): HTMLElement | null {
  const menu = active?.closest("[role=menu]");
  const opener = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : active;
  return opener instanceof HTMLElement ? opener : null;
}
