import { DAY, type Instant } from "../time/local-days.ts";

/** A notice that was sent. */
export interface SentNotice {
  days_before: number;
  sent_at: Instant;
}

/** Rule 39. Days for which everything of a cancelled workspace stays, and can be exported. */
const RETENTION_DAYS = 90;
/** Rule 39. A notice is sent this many days before everything is deleted. */
const NOTICE_DAYS = [30, 7, 1] as const;

export type NoticeDays = (typeof NOTICE_DAYS)[number];

/** Rule 39. The end of the ninety days. */
export function deletionDue(cancelled_at: Instant): Instant {
  return cancelled_at + RETENTION_DAYS * DAY;
}

/** Rule 39. When everything is deleted: nobody is without a day after the last notice, however late that was. */
export function deletionAt(cancelled_at: Instant, sent: readonly SentNotice[]): Instant | null {
  const last = sent.find(({ days_before }) => days_before === 1);
  return last ? Math.max(deletionDue(cancelled_at), last.sent_at + DAY) : null;
}

/**
 * Rule 39. The notice that is due, as days before the deletion; null: none is. Late, only the nearest one is sent: two letters of one
 * day would say different things.
 */
export function noticeDue(
  cancelled_at: Instant,
  sent: readonly Pick<SentNotice, "days_before">[],
  now: Instant,
): NoticeDays | null {
  const days_left = (deletionDue(cancelled_at) - now) / DAY;
  const nearest = NOTICE_DAYS.findLast((days) => days_left <= days);
  return nearest === undefined || sent.some(({ days_before }) => days_before <= nearest) ? null : nearest;
}
