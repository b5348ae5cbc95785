import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { settleEverywhere } from "../../src/operations/due/settle-dues.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { sql, useServer } from "../support.ts";
import { MAPPED, openDesk } from "./payments-desk.ts";

const server = useServer();

/** Anna has used up what she bought, and is Ben now; some days later. */
async function openMerged() {
  const desk = await openDesk(server, { products: [{ ...MAPPED, expiry_days: 5 }] });
  const call = (path: string, fields: object) => desk.api.post(path, { request_id: randomUUID(), ...fields });
  for (const contact of ["anna", "ben"]) await desk.pay(contact);
  await call("/entitlements/deduct", { external_contact_id: "anna", calendar_id: "yoga", amount: 10 });
  await call("/contacts/anna/merge", { into_external_contact_id: "ben" });
  await sql(server.db, "UPDATE entitlements SET expires_at = now() - interval '1 hour' WHERE location_id = $1", [
    desk.uuid,
  ]);
  return desk;
}

const settle = () => settleEverywhere(server.db, server.service.ledger, systemClock);

test("rule 29: nothing of a merged contact falls due any more", async () => {
  const desk = await openMerged();
  const due = await sql<{ contact: string }>(
    server.db,
    "SELECT contact_external_id AS contact FROM due_members(now(), 100) WHERE location_id = $1",
    [desk.uuid],
  );
  expect(due.map(({ contact }) => contact)).toEqual(["ben"]);
  expect(await settle()).toBe(1);
});

test("what stays due though it was settled does not keep the job for ever", async () => {
  const desk = await openMerged();
  await sql(server.db, "UPDATE entitlements SET live = true WHERE location_id = $1", [desk.uuid]);
  expect(await settle()).toBeGreaterThan(0);
});
