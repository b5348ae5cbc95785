import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "../../../test/support.ts";
import { systemClock } from "../../platform/clock.ts";
import { locationUuid } from "../../platform/ids.ts";
import { keepPolled, newFacts, type PolledFact, type PolledFrom } from "./keep-polled.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const factOf = (dedupe_key: string, text: string): PolledFact => {
  return { dedupe_key, type: "PolledTransaction", body: JSON.stringify({ text }), told_at: null };
};

describe("What a provider was asked for", () => {
  test("is kept behind one that is too large as well; of that it is kept that it was told, as dead, and not asked again", async () => {
    const { location_id } = await createLocation(database.db, { products: [] });
    const from: PolledFrom = { provider: "ghl", connection_id: null, location_id: locationUuid(location_id) ?? "" };
    const facts = [factOf("first", "a"), factOf("large", "é".repeat(600_000)), factOf("last", "a")];
    expect(await keepPolled(database.db, systemClock, from, facts)).toBe(3);
    const kept = await sql(
      database.db,
      `SELECT dedupe_key, status, reason_code, detail, length(body) < 100 AS is_small, next_attempt_at IS NOT NULL AS is_to_come
       FROM webhook_events WHERE location_id = $1 ORDER BY dedupe_key`,
      [from.location_id],
    );
    const taken = { status: "received", reason_code: null, detail: null, is_small: true, is_to_come: true };
    expect(kept).toEqual([
      { dedupe_key: "first", ...taken },
      {
        dedupe_key: "large",
        status: "dead",
        reason_code: "EVENT_TOO_LARGE",
        detail: "1200011 bytes; at most 1048576 are kept",
        is_small: true,
        is_to_come: false,
      },
      { dedupe_key: "last", ...taken },
    ]);
    expect(await newFacts(database.db, from, facts)).toEqual([]);
    expect(await keepPolled(database.db, systemClock, from, facts)).toBe(0);
  });
});
