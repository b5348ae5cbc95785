import { REFUSALS, SUCCESSES, type Detail, type Refusal, type Success } from "./reasons.ts";

/** What an operation answers: a code with the facts that belong to it. The fields are the wire's own names. */
export type Outcome =
  | ({ reason_code: Success } & Record<string, unknown>)
  | ({ reason_code: Refusal; detail?: Detail | null } & Record<string, unknown>);

/** Why each lot was drawn on or not. Rule 13. */
export interface Explanation {
  chosen: { entitlement_id: string; product_config_id: string; amount: number }[];
  rejected: { entitlement_id: string; product_config_id: string; reason: string }[];
}

/** The lots that one explanation names at most, of each kind. */
export const MAX_EXPLAINED_LOTS = 100;

export function isSuccess(code: string): code is Success {
  return Object.hasOwn(SUCCESSES, code);
}

/** The body of an answer: codes in lower case come with `ok: true`, codes in upper case with `ok: false`. */
export function renderOutcome(outcome: Outcome, correlation_id: string): Record<string, unknown> {
  const { reason_code, ...facts } = outcome;
  if (isSuccess(reason_code)) return { ok: true, reason_code, correlation_id, ...facts };
  return { ok: false, reason_code, correlation_id, ...facts, message: REFUSALS[reason_code].meaning };
}
