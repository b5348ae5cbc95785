import type { EmbedPorts } from "../../operations/access/open-embed.ts";
import type { MachineApi } from "../machine-api.ts";
import type { RateLimiter } from "../rate-limit.ts";

/** What the embed's routes are made of. */
export interface EmbedApi extends EmbedPorts, Pick<MachineApi, "ledger" | "ghl" | "public_url"> {
  /** Opens what GoHighLevel says of its user; null: GoHighLevel is off. */
  shared_secret: string | null;
  /** Opens the sandbox launcher; null: it is off. */
  launch_token: string | null;
  /** Who may frame the embed beside GoHighLevel. */
  frame_origins: readonly string[];
  /** Per address: of those who are not let in yet. */
  door_limiter: RateLimiter;
  /** Per visitor. */
  visitor_limiter: RateLimiter;
}

/** Requests per second at the door from one address: a whole studio may sit behind one. */
export const AT_DOOR_PER_SECOND = 10;
/** Requests per second of one visitor. */
export const VISITOR_PER_SECOND = 20;
