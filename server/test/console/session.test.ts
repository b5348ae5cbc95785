import { describe, expect, test } from "vitest";
import { forgetSpent } from "../../src/operations/access/forget-spent.ts";
import { sql } from "../support.ts";
import { newStudio, PASSWORD, useConsole } from "./console-server.ts";

const server = useConsole();

describe("who is signed in", () => {
  test("is asked by the cookie of a session, and answered with every workspace and location they may enter", async () => {
    const { owner, workspace_id, key, location_id } = await newStudio(server);
    const { status, body } = await owner.visitor.console("GET", "/session");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      reason_code: "loaded",
      user: { email: owner.email, two_factor: false },
      workspaces: [
        { workspace_id, key, role: "owner", billing_status: "active", locations: [{ location_id, key: "main" }] },
      ],
      ghl: false,
      stripe_billing: false,
    });
  });

  test("is nobody without a session, and with a session that ended", async () => {
    const nobody = await server.visitor().console("GET", "/session");
    expect(nobody).toMatchObject({ status: 401, body: { reason_code: "UNAUTHORIZED" } });
    const { owner } = await newStudio(server);
    const stolen = server.visitor();
    for (const [name, value] of owner.visitor.cookies) stolen.cookies.set(name, value);
    expect(await stolen.console("GET", "/session")).toMatchObject({ status: 200 });
    await owner.visitor.post("/api/auth/sign-out");
    expect(await stolen.console("GET", "/session")).toMatchObject({ status: 401 });
  });

  test("is nobody by a session that ran out; it and the counts of tries are forgotten in time", async () => {
    const { owner } = await newStudio(server);
    const past = "now() - interval '1 s'";
    await sql(
      server.db,
      `UPDATE sessions SET expires_at = ${past} FROM users u WHERE u.id = user_id AND u.email = $1`,
      [owner.email],
    );
    await sql(server.db, `UPDATE attempts SET ends_at = ${past}`);
    await forgetSpent(server.db);
    expect((await owner.visitor.console("GET", "/session")).status).toBe(401);
    const [left] = await sql(
      server.db,
      `
      SELECT (SELECT count(*)::integer FROM sessions WHERE expires_at < now()) AS sessions,
        (SELECT count(*)::integer FROM attempts WHERE ends_at < now()) AS attempts`,
    );
    expect(left).toEqual({ sessions: 0, attempts: 0 });
  });

  test("is told to nobody who has a password wrong", async () => {
    const { owner } = await newStudio(server);
    const visitor = server.visitor();
    const answer = await visitor.signIn(owner.email, `${PASSWORD}!`);
    expect(answer.status).toBe(401);
    expect(visitor.cookies.size).toBe(0);
  });
});

describe("a location's calls", () => {
  test("are those of the machine API, below the location, for whoever belongs to it", async () => {
    const products = [{ key: "pack", name: "Pack", type: "package", credits_total: 10, calendars: ["cal"] }];
    const { owner, location_id, products: made } = await newStudio(server, { products });
    const at = `/locations/${location_id}`;
    const grant = {
      request_id: "r1",
      external_contact_id: "maya",
      product_config_id: made["pack"],
      external_payment_id: "p1",
    };
    const granted = await owner.visitor.console("POST", `${at}/grants`, grant);
    expect(granted.body).toMatchObject({ ok: true });
    const summary = await owner.visitor.console("GET", `${at}/contacts/maya/summary`);
    expect(summary.body).toMatchObject({ ok: true, contact: { external_contact_id: "maya" } });
  });
});
