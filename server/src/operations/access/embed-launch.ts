import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { Transaction } from "../../platform/database.ts";
import { isUuid, locationPublicId, locationUuid, newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { findGhlConnectionOfLocation } from "../../store/ghl-connections.ts";
import { findLocationIdByGhlId, findLocations, type Location } from "../../store/locations.ts";
import type { Change } from "./change-as.ts";
import { findOpenTo } from "./embed-location.ts";
import type { EmbedPorts, EmbedVisitor } from "./open-embed.ts";
import type { LocationMember } from "./person.ts";
import { readSigned, signDocument } from "./signed-document.ts";

/** How long the way from the launcher to the page may take. */
const LAUNCH_LIVES_MS = 2 * 60_000;
const PURPOSE = "embed launch";

const launch = z.object({
  id: z.guid(),
  location_id: z.guid(),
  company_id: z.string(),
  user_id: z.string(),
  expires_at: z.int(),
});

export interface LaunchRequest {
  /** `loc_…`, the uuid, or the id that GoHighLevel knows it by. */
  location: string;
  user_id: string;
  company_id: string;
  ip: string;
}

/** A sandbox, and what opens the embed there once, in place of what GoHighLevel would say. */
export interface Launch {
  location: Location;
  text: string;
}

/** Makes somebody up for a sandbox and writes it into the audit trail. Null: no such location, no sandbox, or another agency's. */
export async function launchEmbed(
  { db, clock, secrets }: EmbedPorts,
  { location: named, user_id, company_id, ip }: LaunchRequest,
): Promise<Launch | null> {
  const location = await db.transaction(
    "inbox",
    async (tx) => {
      const given = isUuid(named) ? named : locationUuid(named);
      const id = given ?? (await findLocationIdByGhlId(tx, named));
      return id === null ? null : findOpenTo(tx, id, company_id);
    },
    { read_only: true },
  );
  if (!location?.sandbox) return null;
  const { workspace_id, location_id, key } = location;
  const event = { workspace_id, location_id, action: "launch_embed", subject: `location ${key}`, before: null, ip };
  await db.transaction({ workspace_id, location_ids: [location_id] }, (tx) =>
    insertAuditEvent(tx, { ...event, actor: "sandbox launcher", after: { user_id, company_id } }),
  );
  return { location, text: signLaunch({ clock, secrets }, { location_id, company_id, user_id }) };
}

/** Opens the embed of somebody's own sandbox for them, as GoHighLevel would for its staff; answers with the page's address. */
export async function launchOwnEmbed(
  ports: Pick<EmbedPorts, "clock" | "secrets">,
  tx: Transaction,
  { location_id, person }: LocationMember,
): Promise<Change<{ path: string } | { refused: "NOT_A_SANDBOX" }>> {
  const [[location], connection] = await Promise.all([
    findLocations(tx, [location_id]),
    findGhlConnectionOfLocation(tx, location_id),
  ]);
  if (!location?.sandbox) return { answer: { refused: "NOT_A_SANDBOX" }, audit: null };
  const company_id = connection?.company_id ?? "console";
  const text = signLaunch(ports, { location_id, company_id, user_id: person.user_id });
  const audit = { subject: `location ${location.key}`, before: null, after: null };
  return { answer: { path: launchedPage(location, text) }, audit };
}

/** The page that a launch opens: the dashboard, or the panel of one contact. Behind the # it reaches the page and nobody's log. */
export function launchedPage({ location_id }: Location, text: string, contact_id?: string): string {
  const query = new URLSearchParams({ location_id: locationPublicId(location_id) });
  if (contact_id !== undefined) query.set("contact_id", contact_id);
  const page = contact_id === undefined ? "dashboard" : "panel";
  return `/embed/${page}?${query.toString()}#launch=${text}`;
}

type Launched = Pick<z.output<typeof launch>, "location_id" | "company_id" | "user_id">;

function signLaunch({ clock, secrets }: Pick<EmbedPorts, "clock" | "secrets">, launched: Launched): string {
  return signDocument(secrets, PURPOSE, { ...launched, id: newId(), expires_at: clock.now() + LAUNCH_LIVES_MS });
}

/** Whom a launch lets in; null: it is none of ours, or too old. */
export function readLaunch(secrets: Secrets, clock: Clock, given: string): Omit<EmbedVisitor, "ip"> | null {
  const read = readSigned(secrets, PURPOSE, launch, given);
  if (!read || read.expires_at <= clock.now()) return null;
  const { id, location_id, company_id, user_id } = read;
  const nobody_told = { user_name: null, email: null, role: "user" } as const;
  return { user_id, company_id, ...nobody_told, location: { sandbox_id: location_id }, fingerprint: id };
}
