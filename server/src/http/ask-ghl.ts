import { setTimeout as pause } from "node:timers/promises";
import type { GhlReach } from "../gateways/ghl/client.ts";
import { GhlError } from "../gateways/ghl/ghl-error.ts";
import { TokenError } from "../operations/connections/ghl-tokens.ts";
import type { Clock } from "../platform/clock.ts";
import { reasonOf } from "../platform/redact.ts";
import { ShortMemory } from "../platform/short-memory.ts";
import type { CallAnswer } from "./location-call.ts";

/** Null: the location is not connected. */
export type FindGhl = (location_id: string) => Promise<GhlReach | null>;

/** Whoever chooses from a list asks for it again and again. */
const LIVES_MS = 30_000;
const MOST = 1000;
/** Nobody waits longer in front of a list. */
const PATIENCE_MS = 20_000;

/** Asks GoHighLevel while somebody waits for the answer. */
export class AskGhl {
  readonly #find: FindGhl;
  readonly #memory: ShortMemory;

  constructor(clock: Clock, find: FindGhl) {
    this.#find = find;
    this.#memory = new ShortMemory(clock, { lives_ms: LIVES_MS, most: MOST });
  }

  /** What `ask` brings, made into an answer; or why there is none. `question` names it in the memory. */
  async answer<T>(
    location_id: string,
    question: string,
    ask: (reach: GhlReach) => Promise<T>,
    show: (found: T) => Record<string, unknown>,
  ): Promise<CallAnswer> {
    try {
      const reach = await this.#find(location_id);
      if (!reach) return { refused: "NOT_CONNECTED" };
      const asked = this.#memory.recall(`${location_id} ${question}`, () => ask(reach));
      return show(await inTime(asked));
    } catch (error) {
      if (!(error instanceof GhlError || error instanceof TokenError)) throw error;
      const refused = NEEDS_INSTALL.has(error.kind) ? "NOT_CONNECTED" : "GHL_UNAVAILABLE";
      return { refused, why: reasonOf(error) };
    }
  }
}

const NEEDS_INSTALL = new Set<string>(["disconnected", "needs_reinstall", "reinstall_needed", "unauthorised"]);

async function inTime<T>(asked: Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = pause(PATIENCE_MS, null, { signal: controller.signal, ref: false }).then(() => {
    throw new GhlError("unavailable", `no answer within ${PATIENCE_MS / 1000} seconds`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([asked, late]);
  } finally {
    controller.abort();
  }
}
