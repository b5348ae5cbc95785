import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { ShortMemory } from "../../platform/short-memory.ts";
import { findFrameDomains } from "../../views/frame-domains.ts";

/** Where GoHighLevel's pages are; it names no complete list. */
const GHL_ORIGINS = ["https://*.gohighlevel.com", "https://*.leadconnectorhq.com", "https://*.msgsndr.com"];
const LIVES_MS = 60_000;
const MOST = 1000;
const LOCATION = /^[\w-]{1,100}$/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Who may frame the embed. */
export class FrameOrigins {
  readonly #db: Database;
  readonly #always: readonly string[];
  readonly #memory: ShortMemory;

  constructor(db: Database, clock: Clock, given: readonly string[]) {
    this.#db = db;
    this.#always = [...GHL_ORIGINS, ...given];
    this.#memory = new ShortMemory(clock, { lives_ms: LIVES_MS, most: MOST });
  }

  /**
   * GoHighLevel, whom the settings name, and the agency's own domains of the location that an address names. The address proves
   * nothing, and nothing else follows from it.
   */
  async of(location: unknown): Promise<string[]> {
    if (typeof location !== "string" || !LOCATION.test(location)) return [...this.#always];
    const domains = await this.#memory.recall(location, () => findFrameDomains(this.#db, location));
    return [...new Set([...this.#always, ...domains.flatMap(originOf)])];
  }
}

/** What an installer wrote may hold anything, and stands in a header next. */
function originOf(told: string): string[] {
  const domain = told
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/$/, "");
  return DOMAIN.test(domain) ? [`https://${domain}`] : [];
}
