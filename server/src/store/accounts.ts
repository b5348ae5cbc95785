import type { Transaction } from "../platform/database.ts";

/** What signing in knows of an address. */
export interface Account {
  id: string;
  email_verified: boolean;
}

const FIND = { name: "", text: "SELECT id, email_verified FROM users WHERE email = $1 FOR UPDATE" };

export async function findAccount(tx: Transaction, email: string): Promise<Account | null> {
  const [row] = await tx.query<Account & Record<string, unknown>>(FIND, [email]);
  return row ?? null;
}

const CONFIRM = {
  name: "",
  text: `
    UPDATE users SET name = $2, email_verified = true, workspace_name = NULL, updated_at = now() WHERE id = $1`,
};
const PASSWORD = {
  name: "",
  text: "UPDATE sign_in_methods SET password_hash = $2, updated_at = now() WHERE user_id = $1 AND provider_id = 'credential'",
};

/** Gives an account that nobody confirmed to whom the address belongs: with their name and password. */
export async function takeOverAccount(
  tx: Transaction,
  user_id: string,
  { name, password_hash }: { name: string; password_hash: string },
): Promise<void> {
  await Promise.all([tx.query(CONFIRM, [user_id, name]), tx.query(PASSWORD, [user_id, password_hash])]);
}

const RENAME = { name: "", text: "UPDATE users SET name = $2, updated_at = now() WHERE id = $1" };

export function renameUser(tx: Transaction, user_id: string, name: string) {
  return tx.query(RENAME, [user_id, name]);
}

const SESSIONS = { name: "", text: "DELETE FROM sessions WHERE user_id = $1" };

export function deleteSessionsOf(tx: Transaction, user_id: string) {
  return tx.query(SESSIONS, [user_id]);
}

/** A place where somebody is signed in. */
export interface SessionRow {
  id: string;
  ip_address: string | null;
  user_agent: string | null;
  created_at: number;
  /** Prolonged, at most daily, by use. */
  updated_at: number;
  expires_at: number;
}

const LIST = {
  name: "",
  text: `
    SELECT id, ip_address, user_agent, created_at, updated_at, expires_at FROM sessions
    WHERE user_id = $1 AND expires_at > now() ORDER BY updated_at DESC, id DESC LIMIT 100`,
};

export function listSessionsOf(tx: Transaction, user_id: string): Promise<SessionRow[]> {
  return tx.query<SessionRow & Record<string, unknown>>(LIST, [user_id]);
}

const END = { name: "", text: "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING id" };

/** False: this user has no such session. */
export async function endSession(tx: Transaction, user_id: string, id: string): Promise<boolean> {
  const rows = await tx.query(END, [user_id, id]);
  return rows.length > 0;
}

const END_OTHERS = { name: "", text: "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id" };

/** How many there were. */
export async function endOtherSessions(tx: Transaction, user_id: string, id: string): Promise<number> {
  const rows = await tx.query(END_OTHERS, [user_id, id]);
  return rows.length;
}
