import type { Transaction } from "../platform/database.ts";

export interface User {
  id: string;
  /** In lower case. */
  email: string;
  name: string | null;
  /** Argon2id, in PHC format. */
  password_hash: string;
}

const FIND = { name: "", text: "SELECT id, email, name, password_hash FROM users WHERE email = $1" };

export async function findUser(tx: Transaction, email: string): Promise<User | null> {
  const [row] = await tx.query<User & Record<string, unknown>>(FIND, [email]);
  return row ?? null;
}

const INSERT = { name: "", text: "INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4)" };

export function insertUser(tx: Transaction, { id, email, name, password_hash }: User) {
  return tx.query(INSERT, [id, email, name, password_hash]);
}

const PUT_MEMBER = {
  name: "",
  text: `
    INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3)
    ON CONFLICT (workspace_id, user_id) DO NOTHING RETURNING role`,
};

/** Makes a user a member of a workspace; answers whether that is new. */
export async function insertWorkspaceMember(
  tx: Transaction,
  workspace_id: string,
  user_id: string,
  role: "owner" | "admin" | "viewer",
): Promise<boolean> {
  const rows = await tx.query(PUT_MEMBER, [workspace_id, user_id, role]);
  return rows.length > 0;
}
