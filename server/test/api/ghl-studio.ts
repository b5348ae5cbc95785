import { ProviderConnections } from "../../src/jobs/events/connections.ts";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { settleEverywhere } from "../../src/operations/due/settle-dues.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import type { StoredEvent } from "../../src/operations/events/stored-event.ts";
import { openLedger } from "../../src/operations/ledger.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { newProductConfigId } from "../../src/platform/ids.ts";
import { createLogger } from "../../src/platform/log.ts";
import type { ProductTerms } from "../../src/rules/catalog/product-terms.ts";
import { sql } from "../support.ts";
import { accounts, database, fake, installed, secrets } from "./ghl-installations.ts";

/** A studio that is connected to the fake GoHighLevel, its products mapped, with everything that takes events. */
export async function openGhlStudio() {
  const { studio, connection } = await installed();
  await fake.drain();
  await take();
  const location_id = connection.location_id ?? "";
  const calendar_id = studio.desk.addCalendar("Yoga");
  return {
    ...studio,
    location_id,
    location_id_of_ghl: studio.location_id,
    calendar_id,
    /** A product of GoHighLevel's with a price, and the product config that it is mapped to. */
    async sells(type: "package" | "membership", terms: ProductTerms, amount = 100) {
      const product_id = studio.till.addProduct(type);
      const price_id = studio.till.addPrice(product_id, {
        amount,
        ...(type === "membership" ? { interval: "month" } : {}),
      });
      const config_id = newProductConfigId();
      const whole = { calendars: [calendar_id], ghl_product_id: product_id, ...terms };
      await sql(
        database.db,
        "INSERT INTO product_configs (location_id, id, key, name, type, terms) VALUES ($1, $2, $2, $2, $3, $4)",
        [location_id, config_id, type, JSON.stringify(whole)],
      );
      await sql(database.db, "UPDATE locations SET version = version + 1 WHERE location_id = $1", [location_id]);
      return { product_id, price_id, config_id };
    },
    member(first_name = "Maya") {
      return studio.desk.createContact({ first_name, last_name: "Lopez", email: `${first_name}@example.test` });
    },
    /** The contact's entries, oldest first. */
    entriesOf(contact_external_id: string) {
      return sql<{ type: string; amount: number; external_ref: string | null; source: string; occurred_at: number }>(
        database.db,
        `SELECT e.type, e.amount, e.external_ref, e.source, e.occurred_at FROM ledger_entries e
         JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
         WHERE c.location_id = $1 AND c.external_id = $2 ORDER BY e.entry_number`,
        [location_id, contact_external_id],
      );
    },
    /** What became of the events of these types, in the order of their telling. */
    async outcomesOf(...types: string[]) {
      const rows = await sql<{ status: string; reason_code: string }>(
        database.db,
        "SELECT status, reason_code FROM webhook_events WHERE location_id = $1 AND type = ANY ($2) ORDER BY told_at, id",
        [location_id, types],
      );
      return rows.map(({ status, reason_code }) => `${status}: ${reason_code}`);
    },
  };
}

/** Lets the providers deliver, and takes all that came. */
export async function tell(): Promise<void> {
  await fake.drain();
  await take();
}

async function take(): Promise<void> {
  await new EventTaker(database.db, systemClock, taker()).drain();
  await settleEverywhere(database.db, ledgerOf(), systemClock);
}

let ledger_of_file: ReturnType<typeof openLedger> | null = null;

function ledgerOf() {
  ledger_of_file ??= openLedger(database.db, systemClock, { batch: "mixed" });
  return ledger_of_file;
}

function taker(): (event: StoredEvent) => ReturnType<ReturnType<typeof createTakeEvent>> {
  const connections = new ProviderConnections(database.db, { secrets, accounts, stripe_api_base: null });
  const { db } = database;
  const ledger = ledgerOf();
  return createTakeEvent({
    db,
    ledger,
    clock: systemClock,
    log: createLogger("silent"),
    installations: accounts,
    connections,
  });
}
