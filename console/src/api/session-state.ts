import { twoStates } from "./two-states.ts";

/** Whether the server knows who asks: the page stays as it is, under a dialog to sign in again, while it does not. */
export const { lost: sessionLost, kept: sessionKept, useIsLost: useIsSessionLost } = twoStates();
