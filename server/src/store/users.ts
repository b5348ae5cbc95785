import type { Transaction } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";

export interface User {
  id: string;
  /** In lower case. */
  email: string;
  name: string | null;
}

const FIND = { name: "", text: "SELECT id, email, name FROM users WHERE email = $1" };

export async function findUser(tx: Transaction, email: string): Promise<User | null> {
  const [row] = await tx.query<User & Record<string, unknown>>(FIND, [email]);
  return row ?? null;
}

const INSERT = {
  name: "",
  text: `
    WITH made AS (
      INSERT INTO users (id, email, name, email_verified) VALUES ($1, $2, $3, true)
      ON CONFLICT (email) DO NOTHING RETURNING id
    )
    INSERT INTO sign_in_methods (id, user_id, provider_id, account_id, password_hash)
    SELECT $4, id, 'credential', id::text, $5 FROM made RETURNING user_id`,
};

/** A user whose e-mail is known to be theirs, with a password (Argon2id, in PHC format); false: the e-mail has one already. */
export async function insertUser(
  tx: Transaction,
  { id, email, name, password_hash }: User & { password_hash: string },
): Promise<boolean> {
  const rows = await tx.query(INSERT, [id, email, name, newId(), password_hash]);
  return rows.length > 0;
}

const FLAG_SUPPORT = {
  name: "",
  text: "UPDATE users SET is_support = $2, updated_at = now() WHERE email = $1 RETURNING id",
};

/** Whether owners may let this user in as Kotally's support; null: there is no such user. */
export async function flagSupport(tx: Transaction, email: string, is_support: boolean): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(FLAG_SUPPORT, [email, is_support]);
  return row?.id ?? null;
}

const TAKE_WORKSPACE_NAME = {
  name: "",
  text: `
    WITH wanting AS (SELECT id, workspace_name FROM users WHERE id = $1 AND workspace_name IS NOT NULL FOR UPDATE)
    UPDATE users u SET workspace_name = NULL FROM wanting w WHERE u.id = w.id RETURNING w.workspace_name AS name, u.email`,
};

/** What a user wants their workspace called, once; null: they want none, or have it. */
export async function takeWorkspaceName(
  tx: Transaction,
  user_id: string,
): Promise<{ name: string; email: string } | null> {
  const [row] = await tx.query<{ name: string; email: string }>(TAKE_WORKSPACE_NAME, [user_id]);
  return row ?? null;
}
