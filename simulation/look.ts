import type { Database } from "../server/src/platform/database.ts";
import { contactCredits } from "../server/src/views/contact-credits.ts";
import { contactEntitlements } from "../server/src/views/contact-entitlements.ts";
import { readContact } from "../server/src/views/contact-read.ts";
import { sql } from "../server/test/support.ts";
import { statusOf, type Model, type ModelLot } from "./model.ts";
import type { World } from "./world.ts";

/** Everything about a member that a person could see, in one order, ready to be compared. */
export type Sight = Record<string, { credits_available: number; lots: Record<string, unknown>[] }>;

/** More lots than any history gives one member. */
const ALL = { limit: 1000, cursor: null };

/** What the API's reads show of these members. */
export async function look(db: Database, world: World, members: readonly string[]): Promise<Sight> {
  const sight: Sight = {};
  const { location_id } = world.location;
  const [row] = await sql<{ version: number }>(db, "SELECT version FROM locations WHERE location_id = $1", [
    location_id,
  ]);
  const as = { location_id, version: row?.version ?? 0 };
  // The offset is the location's own; what is added to it is the time at which this world stands still.
  const clock = { now: () => world.base };
  for (const member of members) {
    const read = () =>
      readContact(db, clock, as, member, async (view) => ({
        ...(await contactEntitlements.read(view, ALL)),
        ...(await contactCredits.read(view, ALL)),
      }));
    let answer = await read();
    if (answer.kind === "due") {
      await world.settle(member);
      answer = await read();
    }
    if (answer.kind !== "read") throw new Error(`${member}: ${answer.kind}`);
    const lots = answer.value.entitlements.map(
      ({
        id,
        origin,
        status,
        unlimited,
        credits_granted,
        credits_remaining,
        credits_held,
        effective_at,
        expires_at,
      }) => {
        const what = { id, origin, status, unlimited, credits_granted, credits_remaining, credits_held };
        return { ...what, effective_at, expires_at };
      },
    );
    sight[member] = { credits_available: answer.value.credits.credits_available, lots: inOrder(lots) };
  }
  return sight;
}

/** What the model says that they must show. */
export function expectedSight(model: Model): Sight {
  const seen = Object.entries(model.members).map(([name, { lots }]) => {
    const active = lots.filter((lot) => statusOf(lot, model.now) === "active");
    const credits_available = active.reduce((sum, lot) => sum + lot.available, 0);
    return [name, { credits_available, lots: inOrder(lots.map((lot) => shown(lot, model.now))) }] as const;
  });
  return Object.fromEntries(seen);
}

function shown(lot: ModelLot, now: number): Record<string, unknown> {
  const status = statusOf(lot, now);
  return {
    id: lot.id,
    origin: lot.origin,
    status,
    unlimited: lot.unlimited,
    credits_granted: lot.unlimited ? null : lot.granted,
    credits_remaining: lot.unlimited ? null : status === "expired" ? 0 : lot.available,
    credits_held: 0,
    effective_at: new Date(lot.effective_at).toISOString(),
    expires_at: lot.expires_at === null ? null : new Date(lot.expires_at).toISOString(),
  };
}

function inOrder(lots: Record<string, unknown>[]): Record<string, unknown>[] {
  return lots.sort((a, b) => String(a["id"]).localeCompare(String(b["id"])));
}

/** Credits booked to `expired`, and those left, by lot: what the entries say when all that is due was settled. */
export async function findSettled(db: Database, world: World): Promise<Record<string, string>> {
  const rows = await sql<{ id: string; settled: string }>(
    db,
    `SELECT e.id, e.available || ' left, ' || COALESCE(sum(l.amount), 0) || ' expired' AS settled
     FROM entitlements e LEFT JOIN ledger_entries l
       ON l.location_id = e.location_id AND l.entitlement_id = e.id AND l.type = 'expire'
     WHERE e.location_id = $1 GROUP BY e.location_id, e.id, e.available ORDER BY e.id`,
    [world.location.location_id],
  );
  return Object.fromEntries(rows.map(({ id, settled }) => [id, settled]));
}

export function expectedSettled(model: Model): Record<string, string> {
  const lots = Object.values(model.members).flatMap((member) => member.lots);
  return Object.fromEntries(lots.map((lot) => [lot.id, `${lot.available} left, ${lot.expired} expired`]));
}
