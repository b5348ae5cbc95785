import { twoStates } from "./two-states.ts";

/** Whether the server answers: the page says so at its top while it does not, and keeps what it shows. */
export const { lost: connectionLost, kept: connectionKept, useIsLost: useIsConnectionLost } = twoStates();
