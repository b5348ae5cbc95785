import { createHash } from "node:crypto";
import { z } from "zod";
import { signedAmount, toldAs, type NewEntry } from "../rules/credits/entry.ts";
import type { Changes } from "../rules/credits/member-books.ts";
import type { Member } from "../rules/credits/member.ts";
import type { Context, Decision, Facts } from "../rules/decision.ts";
import { isSuccess } from "../rules/outcome.ts";
import { request_id } from "./credits/wire-fields.ts";
import { isObject } from "./fields.ts";

/** What every operation with a dry run is asked with: a `request_id`, unless it only asks. */
export const requestFields = {
  request_id: request_id.optional(),
  dry_run: z.boolean().default(false).describe("true: the answer tells what would change, and nothing does."),
  previewed: z
    .string()
    .max(64)
    .optional()
    .describe(
      "The fingerprint of a dry run's preview: refused with PREVIEW_OUTDATED where other credits would move now.",
    ),
};

export const requestRule = {
  path: ["request_id"],
  message: "is required (or dry_run: true)",
  when: isObject,
};

interface Asked {
  request_id?: string | undefined;
  dry_run?: unknown;
}

export function namesRequest(input: Asked): boolean {
  return input.request_id !== undefined || input.dry_run === true;
}

/** A dry run is no request: nothing of it is remembered, so its id stays free for the real one. */
export function withoutDryRequest<T extends Asked>(input: T): T {
  if (input.dry_run !== true) return input;
  const { request_id: _, ...rest } = input;
  return rest as T;
}

/** What a decision would write: each line as the ledger would tell it, and the balances of the lots that it touches. */
interface Preview {
  entries: { type: string; amount: number; entitlement_id: string; balance_after: number; reason: string }[];
  balances: { entitlement_id: string; before: number; after: number }[];
}

/** Of a member that is changed, and of the other one where two are. */
function previewOfAll(facts: Facts, { changes, related }: Pick<Decided, "changes" | "related">): Preview {
  const own = previewOf(facts.member, changes);
  const other = previewOf(facts.related, related?.changes ?? null);
  return { entries: [...own.entries, ...other.entries], balances: [...own.balances, ...other.balances] };
}

/** The same for the same entries and balances; the id of a lot that each run opens anew is left out. */
function fingerprintOf({ entries, balances }: Preview, { member, related }: Facts): string {
  const known = new Set([...(member?.lots ?? []), ...(related?.lots ?? [])].map(({ id }) => id));
  const named = <T extends { entitlement_id: string }>(line: T): T =>
    known.has(line.entitlement_id) ? line : { ...line, entitlement_id: "new" };
  const text = JSON.stringify([entries.map(named), balances.map(named)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The one way in which changes are told before they are made. */
function previewOf(before: Member | null, changes: Changes | null): Preview {
  if (!changes) return { entries: [], balances: [] };
  const known = new Map(before?.lots.map((lot) => [lot.id, lot.available]));
  const balances = new Map(known);
  return {
    entries: changes.entries.flatMap((entry) => linesOf(entry, balances)),
    balances: changes.lots.map(({ id, available }) => ({
      entitlement_id: id,
      before: known.get(id) ?? 0,
      after: available,
    })),
  };
}

/** An entry between two lots is a line of each; `balances` are those that the entries before it left. */
function linesOf(entry: NewEntry, balances: Map<string, number>): Preview["entries"] {
  const { amount, reason, entitlement_id, to_entitlement_id, balance_after } = entry;
  const type = toldAs(entry.type);
  const out = { type, amount: signedAmount(entry.type, amount, false), entitlement_id, balance_after, reason };
  balances.set(entitlement_id, balance_after);
  if (to_entitlement_id === null) return [out];
  const received = (balances.get(to_entitlement_id) ?? 0) + amount;
  balances.set(to_entitlement_id, received);
  return [out, { type, amount, entitlement_id: to_entitlement_id, balance_after: received, reason }];
}

type Decided = Extract<Decision, { outcome: unknown }>;
type Decide<Input> = (facts: Facts, input: Input, context: Context) => Decision;

/**
 * The same decision with its changes told and then dropped, where the input says `dry_run`; where it says what was `previewed`, it is
 * that or nothing.
 */
export function previewable<Input extends { dry_run: boolean; previewed?: string | undefined }>(
  decide: Decide<Input>,
): Decide<Input> {
  return (facts, input, context) => {
    const decision = decide(facts, input, context);
    if (!("outcome" in decision) || (!input.dry_run && input.previewed === undefined)) return decision;
    const { outcome } = decision;
    if (!isSuccess(outcome.reason_code)) return input.dry_run ? { outcome, ...NOTHING } : decision;
    const preview = previewOfAll(facts, decision);
    const fingerprint = fingerprintOf(preview, facts);
    if (!input.dry_run) {
      return fingerprint === input.previewed ? decision : { outcome: { reason_code: "PREVIEW_OUTDATED" }, ...NOTHING };
    }
    const told = (outcome["preview"] ?? {}) as Record<string, unknown>;
    return { outcome: { ...outcome, dry_run: true, preview: { ...told, ...preview, fingerprint } }, ...NOTHING };
  };
}

const NOTHING = { changes: null, member: null };
