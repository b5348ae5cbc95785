import { createHash } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { instant } from "../../platform/sql.ts";
import { DAY, type Instant } from "../../rules/time/local-days.ts";
import { hasActedSince, insertAuditEvent } from "../../store/audit-events.ts";
import { useEmbedContext } from "../../store/embed-contexts.ts";
import { findLocationIdByGhlId, type Location } from "../../store/locations.ts";
import { findOpenTo } from "./embed-location.ts";
import { newEmbedToken } from "./embed-token.ts";

export interface EmbedPorts {
  db: Database;
  clock: Clock;
  secrets: Secrets;
}

/** Who looks at an embedded page, as was proven. */
export interface EmbedVisitor {
  user_id: string;
  user_name: string | null;
  email: string | null;
  role: "admin" | "user";
  /** The agency in GoHighLevel. */
  company_id: string;
  /** Where they are: by GoHighLevel's id; somebody made up by our own, and in a sandbox only. */
  location: { ghl_location_id: string } | { sandbox_id: string };
  /** What makes this proof another than any before. */
  fingerprint: string | Buffer;
  ip: string;
}

export interface OpenedEmbed {
  token: string;
  expires_at: Instant;
  location: Location;
}

/** Why nobody is let in; for the log, never for whoever asked. */
export type EmbedRefusal = "not_installed_there" | "used_before";

/** A proof is remembered for so long; GoHighLevel's own say nothing about their age. */
const REMEMBERED_MS = 90 * DAY;

/** Lets a visitor in, once for each proof, with a token for that one location. */
export async function openEmbed(
  { db, clock, secrets }: EmbedPorts,
  visitor: EmbedVisitor,
): Promise<OpenedEmbed | EmbedRefusal> {
  const { user_id, user_name, company_id } = visitor;
  const now = clock.now();
  const found = await db.transaction("inbox", async (tx): Promise<Location | EmbedRefusal> => {
    const location = await findLocation(tx, visitor);
    if (!location) return "not_installed_there";
    const fingerprint = createHash("sha256").update(visitor.fingerprint).digest();
    return (await useEmbedContext(tx, fingerprint, now, now - REMEMBERED_MS)) ? location : "used_before";
  });
  if (typeof found === "string") return found;
  const { workspace_id, location_id } = found;
  await noteVisit(db, visitor, found, now);
  const granted = { workspace_id, location_id, company_id, user_id, user_name };
  return { ...newEmbedToken(secrets, clock, granted), location: found };
}

async function findLocation(tx: Transaction, { location: named, company_id }: EmbedVisitor): Promise<Location | null> {
  const is_made_up = "sandbox_id" in named;
  const id = is_made_up ? named.sandbox_id : await findLocationIdByGhlId(tx, named.ghl_location_id);
  const found = id === null ? null : await findOpenTo(tx, id, company_id);
  return is_made_up && !found?.sandbox ? null : found;
}

/** The audit trail names everybody who looked, once a day: nothing is changed here, and a front desk looks all day. */
async function noteVisit(
  db: Database,
  { user_id, user_name: name, email, role, ip }: EmbedVisitor,
  { workspace_id, location_id, key }: Location,
  now: Instant,
): Promise<void> {
  const actor = `GoHighLevel user ${user_id}`;
  const action = "open_embed";
  await db.transaction({ workspace_id, location_ids: [location_id] }, async (tx) => {
    if (await hasActedSince(tx, { workspace_id, location_id, actor, action }, instant(now - DAY))) return;
    const after = { name, email, role };
    await insertAuditEvent(tx, {
      workspace_id,
      location_id,
      actor,
      action,
      subject: `location ${key}`,
      before: null,
      after,
      ip,
    });
  });
}
