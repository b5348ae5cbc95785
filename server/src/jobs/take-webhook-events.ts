import { EventTaker, type TakerSettings } from "../operations/events/event-taker.ts";
import { releaseEvents } from "../operations/events/release-events.ts";
import type { TakeEvent } from "../operations/events/stored-event.ts";
import type { WebhookInbox } from "../operations/events/webhook-inbox.ts";
import { monotonicNow, type Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import { reasonOf } from "../platform/redact.ts";

/** How often the queue is looked at when nobody says that there is something, and how often what waits may be released. */
const POLL_EVERY_MS = 1_000;
const RELEASE_EVERY_MS = 15_000;

export interface TakingContext {
  db: Database;
  clock: Clock;
  log: Logger;
  take: TakeEvent;
  /** Says at once when something was stored by this process; without it the queue is only polled. */
  inbox?: WebhookInbox | null;
  settings?: Partial<TakerSettings>;
}

/** Takes webhook events until it is stopped, which waits for what is in work; any number of processes share the queue. */
export function startTakingEvents({ db, clock, log, take, inbox, settings }: TakingContext): {
  stop(): Promise<void>;
} {
  const taker = new EventTaker(db, clock, take, settings);
  let released_at = Number.NEGATIVE_INFINITY;
  let is_looking = false;
  let is_asked = false;
  let looking: Promise<void> = Promise.resolve();

  const lookOnce = async () => {
    if (monotonicNow() - released_at > RELEASE_EVERY_MS) {
      released_at = monotonicNow();
      const released = await releaseEvents(db, clock);
      if (released > 0) log.info({ job: "take_webhook_events", released }, "waiting events are due");
    }
    while ((await taker.takeDue(look)) > 0);
  };
  const lookAround = async () => {
    try {
      do {
        is_asked = false;
        // One look after the other.
        await lookOnce();
      } while (is_asked);
    } catch (error) {
      // The database is away, or was; the next poll asks again.
      log.warn({ job: "take_webhook_events", reason: reasonOf(error) }, "the queue could not be read");
    } finally {
      is_looking = false;
    }
  };
  function look(): void {
    is_asked = true;
    if (is_looking) return;
    is_looking = true;
    looking = lookAround();
  }

  inbox?.onStored(look);
  const timer = setInterval(() => {
    // Where the database is away, the leases run out and the events are taken again.
    taker.renewLeases().catch(() => {});
    look();
  }, POLL_EVERY_MS);
  timer.unref();
  look();
  return {
    stop: async () => {
      clearInterval(timer);
      inbox?.onStored(() => {});
      await taker.stop();
      await looking;
      await taker.stop();
    },
  };
}
