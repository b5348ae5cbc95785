import type { Transaction } from "../platform/database.ts";
import { textArray } from "../platform/sql.ts";

const TAKE = {
  name: "take_attempt",
  text: `
    INSERT INTO attempts AS a (key, count, ends_at) VALUES ($1, 1, now() + make_interval(secs => $2))
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN a.ends_at <= now() THEN 1 ELSE a.count + 1 END,
      ends_at = CASE WHEN a.ends_at <= now() THEN excluded.ends_at ELSE a.ends_at END
    RETURNING count, ceil(extract(epoch FROM ends_at - now()))::integer AS seconds_left`,
};

export interface Attempt {
  /** Of this window, this one included. */
  count: number;
  /** Until the window is over. */
  seconds_left: number;
}

/** Counts one more try under a key; a new window begins when the last one is over. */
export async function takeAttempt(tx: Transaction, key: string, window_seconds: number): Promise<Attempt> {
  const [row] = await tx.query<Attempt & Record<string, unknown>>(TAKE, [key, window_seconds]);
  if (!row) throw new Error("an attempt was not counted");
  return row;
}

const GIVE_BACK = {
  name: "",
  text: "UPDATE attempts SET count = count - 1 WHERE key = ANY ($1::text[]) AND count > 0",
};

/** Takes one try under each key back. */
export async function giveAttemptsBack(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.query(GIVE_BACK, [textArray(keys)]);
}

const FORGET = { name: "", text: "DELETE FROM attempts WHERE ends_at < now()" };

/** Windows that are over. */
export function forgetAttempts(tx: Transaction) {
  return tx.query(FORGET);
}
