import type { LedgerOperation } from "../../ledger/operation.ts";
import { isSuccess } from "../../rules/outcome.ts";
import type { BulkItem, BulkJob, BulkKind } from "../../store/bulk-jobs.ts";
import { settleAllUnfunded } from "../bookings/settle-all-unfunded.ts";
import { extendExpiry } from "../credits/extend-expiry.ts";
import { freezeMembership } from "../memberships/freeze-membership.ts";
import { unfreezeMembership } from "../memberships/unfreeze-membership.ts";
import { resolvePayment } from "../payments/resolve-payment.ts";

type Answered = { reason_code: string } & Record<string, unknown>;

/** What is asked of the ledger for one item of work. */
export interface BulkAsk {
  operation: LedgerOperation;
  /** As from outside, without the request's own id. */
  input: Record<string, unknown>;
}

interface Kind {
  /** The very operation that staff ask for one member. */
  ask(job: Pick<BulkJob, "ask" | "is_preview">, item: BulkItem): BulkAsk;
  /** What is kept of an answer, to be told of the member. */
  told(answer: Answered): Record<string, unknown>;
  /** What it adds to the sums of the work. */
  sums(answer: Answered): Record<string, number>;
}

const dry = ({ is_preview }: Pick<BulkJob, "is_preview">) => ({ dry_run: is_preview });

/** The entries and balances that a dry run told. */
function previewed({ preview }: Answered): Record<string, unknown> {
  return preview === undefined ? {} : { preview };
}

interface Line {
  type: string;
  amount: number;
}

/** Entries by type, and the credits that they move, as a preview tells them. */
function entrySums({ preview }: Answered): Record<string, number> {
  const { entries = [] } = (preview ?? {}) as { entries?: Line[] };
  const sums: Record<string, number> = {};
  for (const { type, amount } of entries) {
    sums[`entries.${type}`] = (sums[`entries.${type}`] ?? 0) + 1;
    sums[`credits.${type}`] = (sums[`credits.${type}`] ?? 0) + amount;
  }
  return sums;
}

const MEMBERSHIP: Pick<Kind, "told" | "sums"> = {
  told: (answer) => ({ freeze: answer["freeze"], bookings_inside: answer["bookings_inside"], ...previewed(answer) }),
  sums: (answer) => {
    const { bookings_inside: inside = [] } = answer as { bookings_inside?: unknown[] };
    return { memberships: 1, bookings_inside: inside.length, ...entrySums(answer) };
  },
};

export const BULK_KINDS: Record<BulkKind, Kind> = {
  freeze: {
    ...MEMBERSHIP,
    ask: (job, { contact_external_id, subject_id }) => ({
      operation: freezeMembership as LedgerOperation,
      input: { ...job.ask, ...dry(job), external_contact_id: contact_external_id, membership_id: subject_id },
    }),
  },
  unfreeze: {
    ...MEMBERSHIP,
    ask: (job, { contact_external_id, subject_id }) => {
      const [membership_id = "", freeze_id = ""] = (subject_id ?? "").split(" ");
      const input = { ...job.ask, ...dry(job), external_contact_id: contact_external_id, membership_id, freeze_id };
      return { operation: unfreezeMembership as LedgerOperation, input };
    },
  },
  extend: {
    ask: (job, { contact_external_id, subject_id }) => ({
      operation: extendExpiry as LedgerOperation,
      input: {
        ...job.ask,
        ...dry(job),
        external_contact_id: contact_external_id,
        ...(subject_id === null ? {} : { entitlement_ids: subject_id.split(" ") }),
      },
    }),
    told: ({ extended, skipped }) => ({ extended, skipped }),
    sums: ({ extended = [], skipped = [] }: Answered & { extended?: unknown[]; skipped?: unknown[] }) => ({
      members: 1,
      entitlements: extended.length,
      skipped: skipped.length,
    }),
  },
  backfill: {
    ask: (job, { contact_external_id, subject_id }) => {
      const [payment_id = "", ...numbers] = (subject_id ?? "").split(" ");
      const { product_config_id, reason } = job.ask as { product_config_id?: string; reason?: string };
      const items = numbers.map((number) => ({ item: Number(number), product_config_id }));
      const decision = { payment_id, action: "map", items, ...(reason !== undefined && { reason }) };
      const input = { ...dry(job), external_contact_id: contact_external_id, ...decision };
      return { operation: resolvePayment as LedgerOperation, input };
    },
    told: (answer) => ({ granted: answer["granted"], ...previewed(answer) }),
    sums: (answer) => {
      const { granted = [] } = answer as { granted?: { credits: number }[] };
      const credits = granted.reduce((sum, one) => sum + one.credits, 0);
      return { payments: 1, items: granted.length, credits, ...entrySums(answer) };
    },
  },
  settle: {
    ask: (job, { contact_external_id }) => ({
      operation: settleAllUnfunded as LedgerOperation,
      input: { ...job.ask, ...dry(job), contact_external_id },
    }),
    told: (answer) => ({ settled: answer["settled"], left: answer["left"], ...previewed(answer) }),
    sums: (answer) => {
      const { settled, left } = answer as unknown as {
        settled: { movements: { amount: number }[] }[];
        left: unknown[];
      };
      const moved = settled.flatMap(({ movements }) => movements);
      const credits = moved.reduce((sum, { amount }) => sum + amount, 0);
      return { bookings: settled.length, left: left.length, credits, ...entrySums(answer) };
    },
  },
};

const ENVELOPE = new Set(["ok", "reason_code", "correlation_id"]);

/** What is told of an answer that refused: its facts. */
export function toldRefusal(answer: Answered): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).filter(([field]) => !ENVELOPE.has(field)));
}

export function isDone({ reason_code }: Answered): boolean {
  return isSuccess(reason_code);
}
