import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

const moment = z.iso.datetime().nullable();
const count = z.int().min(0);

const pollShape = z.object({
  kind: z.enum(["transactions", "transactions_sweep", "subscriptions", "bookings"]).describe("What is read."),
  succeeded_at: moment.describe("The last reading that succeeded, by the location's clock."),
  next_at: moment.describe("The next, by the location's clock."),
  failures: count.describe("Readings that have failed since."),
  trouble: z.string().nullable().describe("Why the last one failed; null: it did not."),
});

export const ghlConnectionAnswer = z.object({
  connection: z.object({
    status: z
      .enum(["not_connected", "unclaimed", "connected", "disconnected", "needs_reinstall"])
      .describe("needs_reinstall: GoHighLevel's permission has ended."),
    ghl_location_id: z.string().nullable(),
    installed_at: moment,
    polls: z.array(pollShape).describe("What is asked for because no webhook tells of it."),
    balances: z
      .object({
        waiting: count.describe("Balances that GoHighLevel is to show and does not yet; 1000 stands for more."),
        troubled: z
          .array(z.object({ external_contact_id: z.string(), trouble: z.string(), is_given_up: z.boolean() }))
          .describe(
            "Those that could not be written, at most 20; given up ones are tried again with their next change.",
          ),
      })
      .describe("The custom field with the members' balances."),
  }),
});

type ConnectionRow = {
  status: "unclaimed" | "connected" | "disconnected" | "needs_reinstall";
  ghl_location_id: string;
  installed_at: Instant;
};
type PollRow = {
  kind: z.output<typeof pollShape>["kind"];
  succeeded_at: Instant | null;
  next_at: Instant;
  failures: number;
  trouble: string | null;
};

const CONNECTION = {
  name: "view_ghl_connection",
  text: "SELECT status, ghl_location_id, installed_at FROM ghl_connections WHERE location_id = $1",
};
const POLLS = {
  name: "view_ghl_polls",
  text: "SELECT kind, succeeded_at, next_at, failures, trouble FROM ghl_polls WHERE location_id = $1 ORDER BY kind",
};
const WAITING = {
  name: "view_waiting_balances",
  text: `
    SELECT count(*)::integer AS waiting FROM (
      SELECT FROM balance_write_backs WHERE location_id = $1 AND due_at <= $2 LIMIT 1000
    ) due`,
};
const TROUBLED = {
  name: "view_troubled_balances",
  text: `
    SELECT c.external_id AS external_contact_id, b.trouble, b.due_at IS NULL AS is_given_up
    FROM balance_write_backs b JOIN contacts c ON c.location_id = b.location_id AND c.id = b.contact_id
    WHERE b.location_id = $1 AND b.trouble IS NOT NULL ORDER BY b.contact_id LIMIT 20`,
};

/** How a location stands with GoHighLevel, and what does not work. */
export async function findGhlConnection(
  tx: Transaction,
  location_id: string,
  real_now: Instant,
): Promise<z.output<typeof ghlConnectionAnswer>> {
  const [[connection], polls, [due], troubled] = await Promise.all([
    tx.query<ConnectionRow>(CONNECTION, [location_id]),
    tx.query<PollRow>(POLLS, [location_id]),
    tx.query<{ waiting: number }>(WAITING, [location_id, instant(real_now)]),
    tx.query<{ external_contact_id: string; trouble: string; is_given_up: boolean }>(TROUBLED, [location_id]),
  ]);
  return {
    connection: {
      status: connection?.status ?? "not_connected",
      ghl_location_id: connection?.ghl_location_id ?? null,
      installed_at: connection ? instant(connection.installed_at) : null,
      polls: polls.map(({ succeeded_at, next_at, ...poll }) => ({
        ...poll,
        succeeded_at: succeeded_at === null ? null : instant(succeeded_at),
        next_at: instant(next_at),
      })),
      balances: { waiting: due?.waiting ?? 0, troubled },
    },
  };
}
