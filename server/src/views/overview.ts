import { z } from "zod";
import { instant } from "../platform/sql.ts";
import { addDays, localDate, startOfDay } from "../rules/time/local-days.ts";
import { listBookings, listedBookingShape } from "./location-bookings.ts";
import type { LocationView } from "./location-read.ts";
import { attentionShape, findAttention } from "./overview-attention.ts";
import { creditsShape, findOutstanding } from "./overview-credits.ts";
import { expiringShape, findExpiring } from "./overview-expiring.ts";
import { findHealth, healthShape } from "./overview-health.ts";
import { findMembers, membersShape } from "./overview-members.ts";

/** Bookings of one day that are looked at: a page has 100 at most, a studio's day seldom more. */
const MAX_TODAY = 500;

const todayShape = z
  .object({
    on: z.iso.date().describe("The local day."),
    bookings: z.array(listedBookingShape).describe("In order of their time, at most 500."),
    covered: z.int().describe("Of those that take place: charged, or free of charge."),
    unfunded: z.int().describe("Of those that take place: they could not be charged."),
    cancelled: z.int(),
    is_more: z.boolean().describe("There are more than are told and counted here."),
  })
  .describe("Today's bookings.");

export const overviewAnswer = z.object({
  overview: z.object({
    as_of: z.iso.datetime().describe("By the location's clock; all figures are of this one moment."),
    attention: attentionShape,
    today: todayShape,
    credits: creditsShape,
    expiring: expiringShape,
    members: membersShape,
    health: healthShape,
  }),
});

/** A location at one glance. */
export async function findOverview(view: LocationView): Promise<z.output<typeof overviewAnswer>> {
  const [attention, today, credits, expiring, members, health] = await Promise.all([
    findAttention(view),
    findToday(view),
    findOutstanding(view),
    findExpiring(view),
    findMembers(view),
    findHealth(view),
  ]);
  return { overview: { as_of: instant(view.now), attention, today, credits, expiring, members, health } };
}

async function findToday({ tx, location_id, now, timezone }: LocationView): Promise<z.output<typeof todayShape>> {
  const on = localDate(now, timezone);
  const [from, to] = [on, addDays(on, 1)].map((day) => startOfDay(day, timezone)) as [number, number];
  const page = { limit: MAX_TODAY, cursor: null };
  const { bookings, next_cursor } = await listBookings(tx, location_id, { list: "upcoming", from, to, now }, page);
  const cancelled = bookings.filter(({ status }) => status === "cancelled" || status === "invalid");
  const kept = bookings.filter((booking) => !cancelled.includes(booking));
  const unfunded = kept.filter(({ standing }) => standing === "unfunded");
  return {
    on,
    bookings,
    covered: kept.length - unfunded.length,
    unfunded: unfunded.length,
    cancelled: cancelled.length,
    is_more: next_cursor !== null,
  };
}
