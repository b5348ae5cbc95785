import { z } from "zod";
import type { Refusal, Success } from "../../rules/reasons.ts";
import { changedMembershipShape, freezeShape } from "../../views/membership-shapes.ts";

const date = z.iso.date();
const status = z.string().describe("How it stands.");

const booking = z
  .object({
    external_ref: z.string().nullable().describe("The booking's reference."),
    service_on: date.describe("Local date of the service."),
    credits: z.int().min(1).describe("What it took."),
    entitlement_id: z.guid().describe("From where."),
  })
  .describe("A booking for a day that is now frozen.");

/** Facts beside the envelope, of the commands on memberships and of adjustments. */
export const MEMBERSHIP_FACTS: Partial<Record<Success | Refusal, z.core.$ZodLooseShape>> = {
  membership_frozen: {
    freeze: freezeShape,
    membership: changedMembershipShape,
    bookings_inside: z.array(booking).describe("They stay as they are; at most 100."),
  },
  membership_unfrozen: { freeze: freezeShape, membership: changedMembershipShape },
  membership_cancelled: { membership: changedMembershipShape },
  membership_resumed: { membership: changedMembershipShape },
  plan_changed: { when: z.enum(["now", "next_period"]).describe("From when."), membership: changedMembershipShape },
  credits_adjusted: {
    amount: z.int().describe("Credits that were added, or taken where negative."),
    movements: z
      .array(z.object({ entitlement_id: z.guid(), amount: z.int() }))
      .describe("The entitlement that was opened, or those that were taken from."),
  },
  expiry_extended: {
    extended: z
      .array(
        z.object({
          entitlement_id: z.guid(),
          before: z.iso.datetime().describe("When it would have expired."),
          after: z.iso.datetime().describe("When it expires now."),
        }),
      )
      .describe("What lives longer."),
    skipped: z
      .array(
        z.object({
          entitlement_id: z.guid(),
          reason: z.enum(["NOT_FOUND", "ENTITLEMENT_EXPIRED", "NEVER_EXPIRES", "ALREADY_LATER"]),
        }),
      )
      .describe("What stayed as it is, and why."),
  },
  MEMBERSHIP_NOT_ACTIVE: { status },
  FREEZE_OVERLAPS: {
    freeze_id: z.guid().describe("The freeze in the way."),
    from_on: date.describe("Its first frozen local date."),
    to_on: date.describe("The first local date after it."),
  },
  FREEZE_LIMIT_REACHED: {
    max_days: z.int().optional().describe("Days that one freeze may last."),
    max_per_year: z.int().optional().describe("Freezes that may begin within twelve months."),
    max_freezes: z.int().optional().describe("Freezes that one membership may ever have."),
  },
  USED_INSIDE_FREEZE: { used_on: date.describe("A local date on which credits were used.") },
};
