import { beforeAll, describe, expect, test } from "vitest";
import { sqlState, type Tenants } from "../../src/platform/database.ts";
import { sql } from "../support.ts";
import { newStudio, useConsole, type Studio } from "./console-server.ts";

const server = useConsole();
let mine: Studio;
let theirs: Studio;

beforeAll(async () => {
  mine = await newStudio(server);
  theirs = await newStudio(server);
  for (const { owner, workspace_id } of [mine, theirs]) {
    const at = `/workspaces/${workspace_id}`;
    const invitation = { email: `somebody@${workspace_id}.test`, role: "viewer" };
    await owner.visitor.console("POST", `${at}/invitations`, invitation);
    await owner.visitor.console("PATCH", `${at}/settings`, { name: "Renamed" });
    await sql(
      server.db,
      `INSERT INTO support_grants (workspace_id, id, user_id, granted_by, reason, created_at, expires_at)
       SELECT $1, gen_random_uuid(), id, id, 'x', now(), now() + interval '1 h' FROM users WHERE email = $2`,
      [workspace_id, owner.email],
    );
  }
});

async function count(tenants: Tenants, table: string, where = "true"): Promise<number> {
  const rows = await server.db.transaction(tenants, (tx) =>
    tx.query<{ count: number }>({ name: "", text: `SELECT count(*)::integer AS count FROM ${table} WHERE ${where}` }),
  );
  return rows[0]?.count ?? 0;
}

async function refusal(tenants: Tenants, text: string): Promise<string | null> {
  try {
    await server.db.transaction(tenants, (tx) => tx.query({ name: "", text }));
    return null;
  } catch (error) {
    return sqlState(error);
  }
}

const OF_WORKSPACES = ["workspace_members", "invitations", "support_grants", "audit_events"];

describe("the application's role within a workspace", () => {
  test.each(OF_WORKSPACES)("sees of %s its own rows and no others", async (table) => {
    const { workspace_id } = mine;
    expect(await count("owner", table, `workspace_id = '${theirs.workspace_id}'`)).toBeGreaterThan(0);
    expect(await count({ workspace_id }, table)).toBeGreaterThan(0);
    expect(await count({ workspace_id }, table, `workspace_id <> '${workspace_id}'`)).toBe(0);
    expect(await count([], table)).toBe(0);
  });

  test("sees its own people, and of others not even the address", async () => {
    const { workspace_id, owner } = mine;
    const seen = await server.db.transaction({ workspace_id }, (tx) =>
      tx.query<{ email: string }>({ name: "", text: "SELECT email FROM users" }),
    );
    expect(seen).toEqual([{ email: owner.email }]);
  });

  test("writes nothing into another workspace, and neither changes nor removes a line of the trail", async () => {
    const { workspace_id } = mine;
    const [user] = await sql<{ id: string }>(server.db, "SELECT id FROM users WHERE email = $1", [mine.owner.email]);
    const into = (id: string) =>
      `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ('${id}', '${user?.id}', 'owner')`;
    expect(await refusal({ workspace_id }, into(theirs.workspace_id))).toBe("42501");
    expect(await refusal({ workspace_id }, into(workspace_id))).toBe("23505");
    expect(await refusal({ workspace_id }, "UPDATE audit_events SET actor = 'nobody'")).toBe("42501");
    expect(await refusal({ workspace_id }, "DELETE FROM audit_events")).toBe("42501");
    expect(await refusal("owner", "DELETE FROM audit_events")).not.toBeNull();
    expect(await refusal({ workspace_id }, "UPDATE workspaces SET billing_status = 'active'")).toBe("42501");
    expect(await refusal({ workspace_id }, "UPDATE users SET is_support = true")).toBe("42501");
  });

  test("cannot take the last owner out, whoever asks", async () => {
    const { workspace_id } = mine;
    for (const text of ["DELETE FROM workspace_members", "UPDATE workspace_members SET role = 'viewer'"]) {
      expect(await refusal({ workspace_id }, text)).toBe("23001");
    }
  });

  test("reads nothing of how people sign in", async () => {
    for (const table of [
      "sign_in_methods",
      "sessions",
      "verifications",
      "two_factors",
      "passkeys",
      "attempts",
      "mails",
    ]) {
      expect([table, await refusal({ workspace_id: mine.workspace_id }, `SELECT FROM ${table}`)]).toEqual([
        table,
        "42501",
      ]);
    }
  });
});

describe("the role that signs people in", () => {
  test("reads its own tables, and of workspaces, locations and members nothing", async () => {
    const readable = await sql<{ name: string }>(
      server.db,
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
         AND c.relkind IN ('r', 'p', 'v') AND has_any_column_privilege('kotally_sign_in', c.oid, 'SELECT') ORDER BY 1`,
    );
    const tables = [
      "attempts",
      "mails",
      "passkeys",
      "sessions",
      "sign_in_methods",
      "two_factors",
      "users",
      "verifications",
    ];
    expect(readable.map(({ name }) => name)).toEqual(tables);
  });

  test("makes nobody support", async () => {
    expect(await refusal("sign_in", "UPDATE users SET is_support = true")).toBe("42501");
    expect(
      await refusal(
        "sign_in",
        "INSERT INTO users (id, email, is_support) VALUES (gen_random_uuid(), 'x@y.test', true)",
      ),
    ).toBe("42501");
  });
});
