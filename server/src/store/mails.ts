import type { Transaction } from "../platform/database.ts";

/** A mail as it is kept: whatever it says is sealed. */
export interface KeptMail {
  id: string;
  recipient: string;
  subject: string;
  sealed_text: string;
  created_at: number;
  attempts: number;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO mails (id, recipient, subject, sealed_text, created_at, next_attempt_at)
    VALUES ($1, $2, $3, $4, $5::timestamptz, CASE WHEN $6::boolean THEN $5::timestamptz END)`,
};

/** `leaves`: it is to be sent; else it is only there to be read. */
export function insertMail(
  tx: Transaction,
  { id, recipient, subject, sealed_text }: Omit<KeptMail, "created_at" | "attempts">,
  now: string,
  leaves: boolean,
) {
  return tx.query(INSERT, [id, recipient, subject, sealed_text, now, leaves]);
}

const TAKE_DUE = {
  name: "",
  text: `
    UPDATE mails SET attempts = attempts + 1, next_attempt_at = $1::timestamptz + interval '1 minute' * 2 ^ least(attempts, 8)
    WHERE id IN (
      SELECT id FROM mails WHERE next_attempt_at <= $1::timestamptz ORDER BY next_attempt_at, id LIMIT $2
      FOR UPDATE SKIP LOCKED)
    RETURNING id, recipient, subject, sealed_text, created_at, attempts`,
};

/** Mails whose time has come; unless somebody says how it went, each is tried again, later every time. */
export function takeDueMails(tx: Transaction, now: string, limit: number): Promise<KeptMail[]> {
  return tx.query<KeptMail & Record<string, unknown>>(TAKE_DUE, [now, limit]);
}

const CLOSE = {
  name: "",
  text: `
    UPDATE mails SET trouble = $2, next_attempt_at = CASE WHEN $3::boolean THEN NULL ELSE next_attempt_at END WHERE id = $1`,
};

/** How an attempt went: `trouble` null is sent. `is_over`: there is no further one. */
export function noteMailAttempt(tx: Transaction, id: string, trouble: string | null, is_over: boolean) {
  return tx.query(CLOSE, [id, trouble, is_over]);
}

const LATEST = {
  name: "",
  text: `
    SELECT id, recipient, subject, sealed_text, created_at, attempts FROM mails ORDER BY created_at DESC, id DESC LIMIT $1`,
};

export function listMails(tx: Transaction, limit: number): Promise<KeptMail[]> {
  return tx.query<KeptMail & Record<string, unknown>>(LATEST, [limit]);
}

const FORGET = { name: "", text: "DELETE FROM mails WHERE created_at < $1 AND next_attempt_at IS NULL" };

/** What was written before that, and waits for nothing. */
export function forgetMails(tx: Transaction, before: string) {
  return tx.query(FORGET, [before]);
}
