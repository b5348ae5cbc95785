import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { EntryType } from "../rules/credits/entry.ts";
import { changeOfOwed } from "../rules/credits/outstanding.ts";
import { addDays, localDate, startOfDay, type LocalDate } from "../rules/time/local-days.ts";
import type { LocationView } from "./location-read.ts";

/** Local days, today included, over which movements are told. */
const MOVEMENT_DAYS = 30;

const credits = z.int();

const daySchema = z.object({
  on: z.iso.date().describe("The local day."),
  added: credits.describe("Credits that came in on it."),
  removed: credits.describe("Credits that went out on it, for whatever reason."),
  outstanding: credits.describe("What was owed at its end."),
});

export const creditsShape = z
  .object({
    outstanding: credits.describe(
      "What is owed to members: available and held, over all products, as the ledger has it.",
    ),
    available: credits,
    held: credits,
    due: credits.describe("Of it, what has expired and is not booked to expired yet; a job does it within a minute."),
    unlimited_entitlements: z.int().describe("Live entitlements that have no balance."),
    by_product: z
      .array(z.object({ product_config_id: z.string(), name: z.string(), outstanding: credits }))
      .describe("The same by product, the most first."),
    movement: z
      .object({
        from_on: z.iso.date().describe("The first local day."),
        opening: credits.describe("What was owed when it began."),
        granted: credits,
        adjusted: credits.describe("Added by hand, less what was taken by hand."),
        used: credits.describe("Used by visits, less what was given back."),
        no_show: credits,
        late_cancel: credits,
        expired: credits,
        refunded: credits,
        closing: credits.describe("opening + granted + adjusted − used − no_show − late_cancel − expired − refunded."),
        days: z.array(daySchema).describe("Day by day, the first first."),
      })
      .describe("Why it is what it is: 30 local days, every entry where it was true."),
  })
  .describe("Outstanding credits.");

const LOTS = {
  name: "view_outstanding",
  text: `
    SELECT e.product_config_id, p.name, sum(e.available)::bigint AS available, sum(e.held)::bigint AS held,
      COALESCE(sum(e.available) FILTER (WHERE e.expires_at <= $2 AND e.state <> 'paused'), 0)::bigint AS due,
      count(*) FILTER (WHERE e.unlimited AND e.state <> 'revoked' AND (e.expires_at IS NULL OR e.expires_at > $2))
        ::integer AS unlimited
    FROM entitlements e JOIN product_configs p ON p.location_id = $1 AND p.id = e.product_config_id
    WHERE e.location_id = $1 AND e.live
    GROUP BY e.product_config_id, p.name`,
};

// An entry that is to be true only later (a grant that was paid ahead) is in the balances already: it counts as of today.
const ENTRIES = {
  name: "view_movements",
  text: `
    SELECT type, least((occurred_at AT TIME ZONE $3)::date, $4::date) AS day, sum(amount)::bigint AS amount
    FROM ledger_entries WHERE location_id = $1 AND occurred_at >= $2 GROUP BY 1, 2`,
};

type LotRow = {
  product_config_id: string;
  name: string;
  available: number;
  held: number;
  due: number;
  unlimited: number;
};
type EntryRow = { type: EntryType; day: LocalDate; amount: number };

/** What is owed now, and how it came to that. */
export async function findOutstanding(view: LocationView): Promise<z.output<typeof creditsShape>> {
  const { tx, location_id, now, timezone } = view;
  const today = localDate(now, timezone);
  const from_on = addDays(today, 1 - MOVEMENT_DAYS);
  const from = instant(startOfDay(from_on, timezone));
  const [lots, entries] = await Promise.all([
    tx.query<LotRow>(LOTS, [location_id, instant(now)]),
    tx.query<EntryRow>(ENTRIES, [location_id, from, timezone, today]),
  ]);
  const sum = (field: "available" | "held" | "due" | "unlimited") => lots.reduce((total, lot) => total + lot[field], 0);
  const outstanding = sum("available") + sum("held");
  return {
    outstanding,
    available: sum("available"),
    held: sum("held"),
    due: sum("due"),
    unlimited_entitlements: sum("unlimited"),
    by_product: lots
      .map(({ product_config_id, name, available, held }) => ({
        product_config_id,
        name,
        outstanding: available + held,
      }))
      .filter((product) => product.outstanding > 0)
      .toSorted((a, b) => b.outstanding - a.outstanding || (a.name < b.name ? -1 : 1)),
    movement: movementOf(entries, from_on, outstanding),
  };
}

function movementOf(entries: readonly EntryRow[], from_on: LocalDate, closing: number) {
  const changes = entries.flatMap(({ type, day, amount }) => {
    const change = changeOfOwed(type);
    return change ? [{ day, account: change.account, amount: change.sign * amount }] : [];
  });
  const net = (account: string) => sumOf(changes.filter((change) => change.account === account));
  const opening = closing - sumOf(changes);
  return {
    from_on,
    opening,
    granted: net("issued"),
    adjusted: net("adjusted"),
    used: -net("used"),
    no_show: -net("no_show"),
    late_cancel: -net("late_cancel"),
    expired: -net("expired"),
    refunded: -net("refunded"),
    closing,
    days: daysOf(changes, from_on, opening),
  };
}

function daysOf(changes: readonly { day: LocalDate; amount: number }[], from_on: LocalDate, opening: number) {
  const of_day = Map.groupBy(changes, ({ day }) => day);
  let outstanding = opening;
  return Array.from({ length: MOVEMENT_DAYS }, (_, n) => {
    const on = addDays(from_on, n);
    const here = of_day.get(on) ?? [];
    const added = sumOf(here.filter(({ amount }) => amount > 0));
    const removed = -sumOf(here.filter(({ amount }) => amount < 0));
    outstanding += added - removed;
    return { on, added, removed, outstanding };
  });
}

function sumOf(changes: readonly { amount: number }[]): number {
  // Not minus zero, which JSON does not know and a test would tell from zero.
  return changes.reduce((total, { amount }) => total + amount, 0);
}
