import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deliver, eventsOf, ghlBody, newKeys, signGhl } from "../api/listening-server.ts";
import { createTestDatabase } from "../support.ts";
import { cleanUp, newServer } from "./spawned-server.ts";

cleanUp();

describe("a server that is killed", { timeout: 120_000 }, () => {
  test("between keeping a webhook and taking it loses none that it acknowledged, and takes each after the restart", async () => {
    const keys = newKeys();
    const { db, url, drop } = await createTestDatabase();
    const public_key = keys.ghl.publicKey.export({ type: "spki", format: "pem" });
    const server = await newServer({ DATABASE_URL: url, GHL_WEBHOOK_PUBLIC_KEYS: public_key });
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      await server.start();
      const sending = Array.from({ length: 60 }, async () => {
        const webhookId = randomUUID();
        const body = ghlBody({ webhookId, type: "UNINSTALL", companyId: `comp-${webhookId}` });
        const address = `${server.base_url}/webhooks/ghl`;
        const answer = await deliver(address, body, signGhl(body, keys.ghl.privateKey)).catch(() => null);
        if (answer?.status === 200) acknowledged.push(webhookId);
        // The first that are acknowledged end the process while the others are on their way.
        if (acknowledged.length >= 20 * (round + 1)) server.signal("SIGKILL");
      });
      await Promise.all(sending);
      await server.kill();
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    const kept = await eventsOf(db, "dedupe_key = ANY ($1)", [acknowledged]);
    expect(kept).toHaveLength(acknowledged.length);
    await server.start();
    // What the killed processes had in work comes back when its lease is over.
    await expect
      .poll(() => eventsOf(db, "next_attempt_at IS NOT NULL AND attempts = 0 OR status = 'received'"), {
        timeout: 20_000,
      })
      .toEqual([]);
    await server.kill();
    await drop();
  });
});
