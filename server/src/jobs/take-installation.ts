import { readWebhook } from "../gateways/ghl/read-webhook.ts";
import { parseJson } from "../gateways/parse-json.ts";
import { endInstallation } from "../operations/connections/end-installation.ts";
import { finishInstallation, type InstallationPorts } from "../operations/connections/finish-installation.ts";
import { TokenError } from "../operations/connections/ghl-tokens.ts";
import { recordInstallation } from "../operations/connections/record-installation.ts";
import type { EventOutcome, StoredEvent } from "../operations/events/stored-event.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";

interface Context {
  db: Database;
  clock: Clock;
  /** Null: GoHighLevel is off; what is told is recorded all the same. */
  installations: InstallationPorts | null;
}

/** Takes INSTALL and UNINSTALL; null for every other event. */
export async function takeInstallation(context: Context, event: StoredEvent): Promise<EventOutcome | null> {
  if (event.provider !== "ghl" || (event.type !== "INSTALL" && event.type !== "UNINSTALL")) return null;
  const webhook = readWebhook(parseJson(event.body), event.received_at);
  if ((webhook.kind === "install" || webhook.kind === "uninstall") && isOfAnother(context, event, webhook.app_id)) {
    return { status: "ignored", reason_code: "EVENT_UNUSED", detail: "it tells of another app" };
  }
  const { company_id, location_external_id: ghl_location_id } = webhook;
  const { told_at } = event;
  if (webhook.kind === "uninstall") {
    const ended = await endInstallation(context.db, { company_id, ghl_location_id, told_at });
    return { status: "done", reason_code: "LOCATION_DISCONNECTED", detail: `${ended} locations` };
  }
  if (webhook.kind !== "install" || company_id === null) {
    return { status: "ignored", reason_code: "EVENT_UNUSED", detail: "it names no company" };
  }
  const { company_name, whitelabel_domain } = webhook;
  const facts = { company_id, ghl_location_id, company_name, whitelabel_domain, told_at };
  const recorded = await recordInstallation(context.db, context.clock, facts);
  if (recorded === null) return { status: "ignored", reason_code: "EVENT_UNUSED", detail: "it was uninstalled since" };
  return finish(context, recorded);
}

/** GoHighLevel signs for all apps with one key: whoever has another app could pass its uninstall on to us. */
function isOfAnother({ installations }: Context, { verification }: StoredEvent, app_id: string | null): boolean {
  return verification === "verified" && installations !== null && app_id !== null && app_id !== installations.app_id;
}

async function finish(
  { db, clock, installations }: Context,
  recorded: Parameters<typeof finishInstallation>[3],
): Promise<EventOutcome> {
  const done = (detail: string): EventOutcome => ({ status: "done", reason_code: "INSTALLATION_RECORDED", detail });
  if (installations === null) return done("GoHighLevel is off");
  try {
    const is_claimed = await finishInstallation(db, clock, installations, recorded, "GoHighLevel");
    return done(is_claimed ? "connected" : "it waits to be claimed");
  } catch (error) {
    // The redirect brings the tokens, and may come later than this.
    if (error instanceof TokenError) return { status: "failed", reason_code: "TAKING_FAILED", detail: error.message };
    throw error;
  }
}
