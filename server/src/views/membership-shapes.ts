import { z } from "zod";
import { MEMBERSHIP_EVENTS } from "../rules/memberships/audit-membership.ts";

const instant = z.iso.datetime({ precision: 3 });
const date = z.iso.date();
const config_id = z.string();

export const freezeShape = z
  .object({
    id: z.guid().describe("The freeze's own id."),
    from_on: date.describe("First frozen local date."),
    to_on: date.describe("First local date after it; of an open one, where it ends itself."),
    is_open: z.boolean().describe("True: no end was asked for."),
    days: z.int().min(0).describe("Local days by which it moves what lies behind it."),
    status: z.enum(["planned", "active", "ended", "cancelled"]).describe("As of now."),
  })
  .describe("Local days over which a membership stands still.");

/** What every answer about a membership tells. */
const membershipFacts = {
  id: z.guid().describe("The membership's own id."),
  product_config_id: config_id.describe("Its plan (pc_…)."),
  status: z
    .enum(["active", "past_due", "suspended", "ended"])
    .describe("past_due: unpaid, within grace. suspended: unpaid after it. ended: over for good."),
  is_frozen: z.boolean().describe("Whether it stands still now."),
  renewal: z.enum(["payment", "schedule", "provider"]).describe("What opens its periods."),
  started_at: instant.describe("Start of its first period."),
  period: z
    .object({ start_at: instant.describe("Its first instant."), end_at: instant.describe("The first after it.") })
    .nullable()
    .describe("The period that runs now; null: none is paid."),
  next_boundary_at: instant
    .nullable()
    .describe("When the open period ends and the next is due; null: it is unpaid or over."),
  grace_until: instant.nullable().describe("While past due: when the last period's credits stop counting."),
  ends_at: instant.nullable().describe("It ends then instead of renewing; null: it goes on."),
  next_product_config_id: config_id.nullable().describe("The plan of its next period, where that is another."),
  subscription_id: z.string().nullable().describe("The provider's subscription that pays it, as provider:id."),
  freezes: z.array(freezeShape).describe("In order of their start, over ones too."),
};

export const changedMembershipShape = z.object(membershipFacts).describe("The membership as it is now.");

export const membershipShape = z
  .object({
    ...membershipFacts,
    name: z.string().describe("The plan's name as it is now."),
    periods: z
      .array(
        z.object({
          start_at: instant.describe("Its first instant."),
          end_at: instant.describe("The first after it."),
          entitlement_id: z.guid().describe("The entitlement that it opened."),
        }),
      )
      .describe("Every period that was granted, newest first; at most 24."),
  })
  .describe("A recurring agreement that opens an entitlement every period.");

export const membershipEventShape = z
  .object({
    id: z.guid().describe("The membership's own id."),
    name: z.string().describe("Its plan's name as it is now."),
    action: z.enum(MEMBERSHIP_EVENTS).describe("What happened."),
    from_on: date.nullable().describe("Of a freeze: its first local date."),
    to_on: date.nullable().describe("Of a freeze: the first local date after it."),
    ends_at: instant.nullable().describe("When it ends, where that was decided."),
    product_config_id: config_id.nullable().describe("The plan that it moves to."),
    reason: z.string().nullable().describe("Why, in the words of staff."),
  })
  .describe("Something that happened to a membership and moved no credits by itself.");

export type MembershipShape = z.output<typeof membershipShape>;
export type MembershipEventShape = z.output<typeof membershipEventShape>;
