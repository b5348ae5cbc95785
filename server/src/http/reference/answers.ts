import { z } from "zod";
import { isSuccess } from "../../rules/outcome.ts";
import { DETAILS, REFUSALS, SUCCESSES, TRANSPORT_ERRORS, type Refusal, type Success } from "../../rules/reasons.ts";
import { MEMBERSHIP_FACTS } from "./membership-answers.ts";

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]];
const balance = z.int().min(0);
const unlimited = z.literal(true).optional().describe("Stands here where an unlimited membership covers the request.");

export const movementShape = z.object({ entitlement_id: z.guid(), amount: z.int().min(1) });
const movements = z.array(movementShape).describe("All entitlements that were drawn on or given back to, in order.");

export const explanationShape = z
  .object({
    chosen: z.array(movementShape.extend({ product_config_id: z.string() })),
    rejected: z.array(z.object({ entitlement_id: z.guid(), product_config_id: z.string(), reason: z.string() })),
  })
  .describe("Asked for with ?explain=true: every lot that was looked at, and why it was drawn on or not.");

const explanation = explanationShape.optional();

const GRANT = {
  location_id: z.string().describe("The token's location (loc_…)."),
  contact_id: z.guid().describe("The contact's own id."),
  entitlement_id: z.guid().describe("The entitlement that the payment opened."),
  credits_granted: balance.describe("0 for a payment that granted before, and for an unlimited membership."),
  balance_after: balance.describe("Available credits over all of the contact's entitlements of that product config."),
  unlimited,
};
const MOVED = {
  balance_after: balance.describe("Available credits over the entitlements usable for this request."),
  entitlement_id: z.guid().describe("The first of movements."),
  movements,
  unlimited,
  explanation,
};

const RESOLVED = {
  payment_event_id: z.guid().describe("The payment's own id."),
  status: z.string().describe("How the payment stands now."),
  granted: z
    .array(
      z.object({
        item: z.int().min(1).describe("The item's number within the payment."),
        product_config_id: z.string().describe("What it was taken for."),
        entitlement_id: z.guid().describe("The entitlement that it opened."),
        credits: balance.describe("0 for an unlimited membership."),
      }),
    )
    .describe("The items that became credits by this decision."),
};

/** What a dry run adds: see `dry_run` of the request. */
const DRY_RUN = {
  dry_run: z.literal(true).optional().describe("Nothing was changed: preview tells what would be."),
  preview: z
    .object({
      entries: z.array(
        z.object({
          type: z.string(),
          amount: z.int(),
          entitlement_id: z.guid(),
          balance_after: balance,
          reason: z.string(),
        }),
      ),
      balances: z.array(z.object({ entitlement_id: z.guid(), before: balance, after: balance })),
      fingerprint: z.string().describe("Sent as previewed, it is done only as it is told here."),
    })
    .optional()
    .describe("The exact entries, and the balances before and after."),
};

const BOOKING = z.string().describe("The booking's own id.");

/** Facts beside the envelope, by the code that they come with. */
const FACTS: Partial<Record<Success | Refusal, z.core.$ZodLooseShape>> = {
  ...MEMBERSHIP_FACTS,
  grant_applied: GRANT,
  duplicate_payment_event: GRANT,
  booking_settled: { booking: BOOKING, movements: MOVED.movements },
  booking_cancelled_by_studio: {
    booking: BOOKING,
    movements: z
      .array(z.object({ type: z.string(), entitlement_id: z.guid(), amount: z.int().min(1) }))
      .describe("What was posted, in order."),
  },
  contacts_merged: {
    contact_id: z.guid().optional().describe("The contact that stays; absent where it was done before."),
    credits: balance.describe("Credits that went over, held ones too."),
    memberships: balance.describe("Memberships that went over."),
    bookings: balance.describe("Bookings that went over."),
  },
  booking_waived: { booking: BOOKING },
  payment_resolved: RESOLVED,
  eligible: { balance_after: balance.describe("The balance after the deduction."), unlimited, explanation },
  deducted: MOVED,
  restored: MOVED,
  NO_ENTITLEMENT: { detail: z.enum(keysOf(DETAILS)).nullable().describe("The finer reason."), explanation },
  INSUFFICIENT_CREDITS: {
    balance: balance.describe("What is there."),
    detail: z.enum(keysOf(DETAILS)).nullable().describe("Why other credits do not count."),
    unlimited,
    explanation,
  },
  CANCELLATION_WINDOW_EXPIRED: {
    cancellation_window_hours: balance.describe("The shortest window of the products that were drawn on."),
    restorable_until: z.iso.datetime().describe("Exactly at this instant was still in time."),
  },
  NOTHING_TO_RESTORE: { restorable: balance.describe("What the matching deductions still bear."), detail: z.null() },
};

const correlationId = z.guid().describe("Names this request in every log line; also in X-Correlation-Id.");
const message = z.string().describe("For a person; do not parse it.");

/** The same, of an operation that can be tried first. */
export function answerTried(code: Success | Refusal): z.ZodObject {
  return isSuccess(code) ? answerWith(code, { ...FACTS[code], ...DRY_RUN }) : answerWith(code);
}

/** The whole body of an answer with that code. */
export function answerWith(code: Success | Refusal, facts: z.core.$ZodLooseShape = FACTS[code] ?? {}): z.ZodObject {
  const is_ok = isSuccess(code);
  return z
    .object({
      ok: z.literal(is_ok),
      reason_code: z.literal(code),
      correlation_id: correlationId,
      ...facts,
      ...(is_ok ? {} : { message }),
    })
    .describe(is_ok ? SUCCESSES[code].meaning : REFUSALS[code].meaning);
}

export const errorShape = z
  .object({
    ok: z.literal(false),
    reason_code: z.enum(keysOf(TRANSPORT_ERRORS)),
    correlation_id: correlationId,
    message,
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe("With a VALIDATION_ERROR: every field that is wrong."),
  })
  .describe("A request that was not served. Nothing was changed, nothing is remembered.");
