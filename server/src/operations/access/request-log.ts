import { monotonicNow, type Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import {
  addClientDays,
  forgetOldRequests,
  insertClientRequests,
  KEPT_REQUESTS,
  type ClientDay,
  type ClientRequest,
} from "../../store/client-requests.ts";

export type { ClientRequest };

/** How long what was noted waits to be written with its neighbours. */
const LEAST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;
/** In between, so many times as long as the last writing took: the requests themselves need the database more. */
const RESTS = 50;
/** Requests that are written at once: clients share them, with one for each at least. */
const WRITTEN_AT_ONCE = 1000;
/** Clients whose requests wait in memory at most; of more, the rest is not noted. */
const MAX_CLIENTS = 5000;

interface Noted {
  /** The latest, at most as many as are kept. */
  requests: ClientRequest[];
  days: Map<string, ClientDay>;
}

/**
 * What API clients asked last, and how often their rate limit refused them: a courtesy to whoever writes an automation. It is noted in
 * memory, bounded per client, and written about once a second; less often, and fewer of each client, while many ask at once. The
 * counts are exact. It holds up and fails no request.
 */
export class RequestLog {
  readonly #db: Database;
  readonly #clock: Clock;
  #noted = new Map<string, Noted>();
  #timer: NodeJS.Timeout | null = null;
  #wait_ms = LEAST_WAIT_MS;
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  note(request: ClientRequest): void {
    let noted = this.#noted.get(request.client_id);
    if (!noted) {
      if (this.#noted.size >= MAX_CLIENTS) return;
      noted = { requests: [], days: new Map() };
      this.#noted.set(request.client_id, noted);
    }
    noted.requests.push(request);
    if (noted.requests.length > 2 * KEPT_REQUESTS) noted.requests.splice(0, KEPT_REQUESTS);
    addTo(noted.days, request);
    this.#timer ??= setTimeout(() => void this.write(), this.#wait_ms).unref();
  }

  /** Writes what was noted until now. */
  write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const noted = this.#noted;
    this.#noted = new Map();
    // One after the other: two writers of one process would wait for each other's rows.
    this.#writing = this.#writing.then(() => this.#write([...noted.values()])).catch(() => {});
    return this.#writing;
  }

  async #write(noted: readonly Noted[]): Promise<void> {
    const days = noted.flatMap((one) => [...one.days.values()]).toSorted(compareDays);
    if (days.length === 0) return;
    const share = Math.max(1, Math.floor(WRITTEN_AT_ONCE / noted.length));
    const requests = noted.flatMap((one) => one.requests.slice(-Math.min(share, KEPT_REQUESTS)));
    const locations = [...new Set(days.map(({ location_id }) => location_id))];
    const today = dayOf(this.#clock.now());
    const began = monotonicNow();
    await this.#db.transaction(locations, async (tx) => {
      await Promise.all([insertClientRequests(tx, requests), addClientDays(tx, days)]);
      await forgetOldRequests(tx, days, today);
    });
    this.#wait_ms = Math.min(Math.max(LEAST_WAIT_MS, RESTS * (monotonicNow() - began)), LONGEST_WAIT_MS);
  }
}

function addTo(days: Map<string, ClientDay>, request: ClientRequest): void {
  const { location_id, client_id, received_at, status, reason_code } = request;
  const day = dayOf(received_at);
  const before = days.get(day) ?? {
    location_id,
    client_id,
    day,
    requests: 0,
    refused: 0,
    rate_limited: 0,
    last_rate_limited_at: null,
  };
  const is_limited = status === 429;
  const is_refused = !is_limited && reason_code !== null && reason_code === reason_code.toUpperCase();
  days.set(day, {
    ...before,
    requests: before.requests + 1,
    refused: before.refused + (is_refused ? 1 : 0),
    rate_limited: before.rate_limited + (is_limited ? 1 : 0),
    last_rate_limited_at: is_limited ? received_at : before.last_rate_limited_at,
  });
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function compareDays(a: ClientDay, b: ClientDay): number {
  return orderOf(a) < orderOf(b) ? -1 : 1;
}

function orderOf({ location_id, client_id, day }: ClientDay): string {
  return `${location_id} ${client_id} ${day}`;
}
