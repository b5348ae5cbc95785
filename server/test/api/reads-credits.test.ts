import { describe, expect, test } from "vitest";
import { sql, useServer } from "../support.ts";
import { DAY, itemsOf, openMember } from "./reads-studio.ts";
import { PACK } from "./studio.ts";

const server = useServer();
const MEMBERSHIP = { key: "monthly", name: "Monthly 8", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
const UNLIMITED = { key: "open", type: "membership", monthly_credits: "unlimited", calendars: ["yoga"] };

describe("GET /contacts/{id}/credits", () => {
  test("counts what is usable now: not what is scheduled, paused, expired or revoked", async () => {
    const { member: maya, read } = await openMember(server, { products: [PACK, MEMBERSHIP] });
    await maya.grant("monthly");
    await maya.grant("monthly");
    const grants = await Promise.all(["paused", "revoked", "expired"].map(() => maya.grant("pack")));
    const [paused, revoked, expired] = grants.map(({ body }) => body["entitlement_id"]);
    await sql(server.db, "UPDATE entitlements SET state = 'paused' WHERE id = $1", [paused]);
    await sql(server.db, "UPDATE entitlements SET state = 'revoked', live = false WHERE id = $1", [revoked]);
    await sql(server.db, "UPDATE entitlements SET expires_at = date_trunc('second', now()) WHERE id = $1", [expired]);

    const answer = await read("/credits");
    expect(answer).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 9 + 8, credits_held: 0, unlimited: false }),
    });
    const { entitlements } = answer.body["credits"] as { entitlements: { id: string; status: string }[] };
    expect(entitlements.map(({ status }) => status).sort()).toEqual(["active", "active", "paused", "scheduled"]);

    const all = itemsOf(await read("/entitlements"));
    expect(all.find(({ id }) => id === expired)).toMatchObject({ status: "expired", credits_remaining: 0 });
    expect(all.find(({ id }) => id === revoked)).toMatchObject({ status: "revoked" });
  });

  test("tells what is held for bookings apart", async () => {
    const { granted, read } = await openMember(server);
    await sql(server.db, "UPDATE entitlements SET available = 7, held = 2 WHERE id = $1", [granted["entitlement_id"]]);
    expect(await read("/credits")).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 7, credits_held: 2 }),
    });
  });

  test("sets unlimited beside the finite balance", async () => {
    const { member: maya, read } = await openMember(server, { products: [PACK, UNLIMITED] });
    await maya.grant("open");
    const answer = await read("/credits");
    expect(answer).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 9, unlimited: true }),
    });
    const [lot] = itemsOf(await read("/entitlements"));
    expect(lot).toMatchObject({ unlimited: true, credits_remaining: null, credits_granted: null, status: "active" });
  });

  test("follows a sandbox's own clock, late job or not", async () => {
    const products = [{ ...PACK, expiry_days: 30 }];
    const { read, studio } = await openMember(server, { products, sandbox: true });
    await sql(
      server.db,
      `UPDATE locations SET clock_offset_ms = $2 FROM workspaces w WHERE w.id = workspace_id AND w.key = $1`,
      [studio.workspace, 40 * DAY],
    );
    expect(await read("/credits")).toAnswer("credits_loaded", {
      credits: expect.objectContaining({ credits_available: 0, entitlements: [] }),
    });
    expect(itemsOf(await read("/entitlements"))).toMatchObject([{ status: "expired", credits_remaining: 0 }]);
    expect(itemsOf(await read("/appointments/upcoming"))).toEqual([]);
    expect(itemsOf(await read("/appointments/past"))).toHaveLength(1);
  });
});
