import type { Instant } from "../../rules/time/local-days.ts";
import type { StripeAccount } from "./client.ts";
import { isListenedTo } from "./listened-events.ts";

const SECOND = 1000;
/** Stripe keeps events for thirty days. */
export const EVENTS_ARE_KEPT_MS = 30 * 24 * 3600 * SECOND;
/** An event may appear after one that was created later; what is seen twice is dropped by its id. */
const OVERLAP_MS = 600 * SECOND;
const PAGE = 100;

export interface Poll {
  /** The cursor that the last poll gave; null: as far back as Stripe remembers. */
  since: Instant | null;
  now: Instant;
  /** Keeps an event, by its id at most once. Comes newest first. */
  take: (event: unknown) => Promise<void>;
}

/**
 * Reads what happened on an account that sends nothing itself. Answers the next cursor, which holds only when all were taken:
 * after a failure the old one is used again.
 */
export async function pollEvents(account: StripeAccount, { since, now, take }: Poll): Promise<Instant> {
  const remembered = now - EVENTS_ARE_KEPT_MS;
  const from = since === null ? remembered : Math.max(remembered, since - OVERLAP_MS);
  let cursor = since ?? remembered;
  let last: string | undefined;
  for (;;) {
    const { data, has_more } = await account.ask("events", (stripe) =>
      stripe.events.list({
        created: { gte: Math.floor(from / SECOND) },
        limit: PAGE,
        ...(last === undefined ? {} : { starting_after: last }),
      }),
    );
    for (const event of data) {
      cursor = Math.max(cursor, event.created * SECOND);
      if (isListenedTo(event.type)) await take(event);
    }
    last = data.at(-1)?.id;
    if (!has_more || last === undefined) return cursor;
  }
}
