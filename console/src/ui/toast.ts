import { notifications } from "@mantine/notifications";
import { uiTexts } from "../texts/ui.ts";

const CLOSE = { "aria-label": uiTexts.close };

/** Says that something was done, in a corner, and goes away by itself. */
export function toastDone(message: string): void {
  notifications.show({ message, color: "ink", withBorder: true, autoClose: 5000, closeButtonProps: CLOSE });
}

/** Says that something did not work which belongs to no form. */
export function toastFailed(message: string): void {
  notifications.show({
    message,
    color: "red",
    withBorder: true,
    autoClose: 9000,
    role: "alert",
    closeButtonProps: CLOSE,
  });
}
