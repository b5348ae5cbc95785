import type { GhlReach } from "../gateways/ghl/client.ts";
import { updateCustomFields } from "../gateways/ghl/contacts.ts";
import { GhlError } from "../gateways/ghl/ghl-error.ts";
import { settleMember } from "../operations/due/settle-dues.ts";
import {
  concludeBalance,
  findDueLocations,
  leaseBalances,
  rememberBalanceField,
  type LeasedWriteBack,
  type Written,
} from "../operations/write-back/write-backs.ts";
import { monotonicNow } from "../platform/clock.ts";
import { reasonOf } from "../platform/redact.ts";
import { isPlaceholder } from "../rules/payments/unknown-contact.ts";
import { findBalance, type ShownBalance } from "../views/contact-balance.ts";
import { readContact } from "../views/contact-read.ts";
import { balanceFieldOf } from "./balance-field.ts";
import type { JobContext } from "./worker.ts";

type WriteContext = Pick<JobContext, "db" | "clock" | "log" | "ledger" | "connections">;

const LOCATIONS = 100;
/** Locations, and balances of one location, that are written at once. */
const TOGETHER = 4;
const BATCH = 20;
/** No writing is begun later in a run; the next run goes on. */
const RUN_MS = 45_000;

/**
 * Shows balances that have changed in GoHighLevel, in a custom field of the contact: the value of now, however many changes
 * led to it. Nothing here holds up a booking; what fails is tried again. Answers how many were written.
 */
export async function writeBackBalances(context: WriteContext, stopping?: AbortSignal): Promise<number> {
  const until = monotonicNow() + RUN_MS;
  const mayGoOn = () => monotonicNow() < until && !stopping?.aborted;
  const locations = await findDueLocations(context.db, context.clock, LOCATIONS);
  let written = 0;
  const work = async () => {
    for (let location_id = locations.shift(); location_id !== undefined; location_id = locations.shift()) {
      written += await writeLocation(context, location_id, mayGoOn);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  if (written > 0) context.log.info({ job: "write_back_balances", written }, "balances are shown in GoHighLevel");
  return written;
}

async function writeLocation(context: WriteContext, location_id: string, mayGoOn: () => boolean): Promise<number> {
  const { db, clock, log } = context;
  let written = 0;
  while (mayGoOn()) {
    const { leased, version } = await leaseBalances(db, clock, location_id, BATCH);
    if (leased.length === 0) return written;
    const place = await placeOf(context, location_id);
    const results = await Promise.all(leased.map((one) => writeAndConclude(context, place, one, version)));
    written += results.filter(({ kind }) => kind === "written").length;
    const failed = results.find((result) => result.kind === "failed");
    if (failed) {
      log.warn({ job: "write_back_balances", location_id, reason: failed.trouble }, "balances are written later");
      return written;
    }
  }
  return written;
}

/** Where the balances of a location are written, or why they cannot be. */
type Place = { reach: GhlReach; field_id: string } | Extract<Written, { kind: "failed" }>;

async function placeOf({ db, connections }: WriteContext, location_id: string): Promise<Place> {
  try {
    const reach = await connections.ghl(location_id);
    if (!reach)
      return { kind: "failed", trouble: "the location is not connected to GoHighLevel", retry_after_ms: null };
    return { reach, field_id: await balanceFieldOf(db, location_id, reach) };
  } catch (error) {
    return failureOf(error);
  }
}

async function writeAndConclude(
  context: WriteContext,
  place: Place,
  leased: LeasedWriteBack,
  version: number,
): Promise<Written> {
  const result = "kind" in place ? place : await write(context, place, leased, version).catch(failureOf);
  await concludeBalance(context.db, context.clock, leased, result);
  return result;
}

async function write(
  context: WriteContext,
  { reach, field_id }: Exclude<Place, Written>,
  leased: LeasedWriteBack,
  version: number,
): Promise<Written> {
  const balance = await balanceOf(context, leased, version);
  // Whoever was merged into another has no balance, and GoHighLevel knows only the other.
  if (balance?.contact_id !== leased.contact_id) return { kind: "unchanged", changes_at: null };
  const { external_id, credits_available: value, changes_at } = balance;
  if (isPlaceholder(external_id)) return { kind: "unchanged", changes_at: null };
  if (value === leased.written) return { kind: "unchanged", changes_at };
  try {
    if (await updateCustomFields(reach.client, external_id, [{ field_id, value }])) {
      return { kind: "written", value, changes_at };
    }
  } catch (error) {
    // The field may have been deleted there: the next try looks for it, or makes it.
    const is_refused = error instanceof GhlError && error.kind === "refused";
    if (is_refused) await rememberBalanceField(context.db, leased.location_id, null);
    throw error;
  }
  return { kind: "given_up", trouble: "GoHighLevel knows no contact of this id" };
}

/** Times that a balance is read again while something of it falls due, or its location changes. */
const MAX_LOOKS = 3;

async function balanceOf(
  { db, clock, ledger }: WriteContext,
  { location_id, contact_id }: LeasedWriteBack,
  version: number,
): Promise<ShownBalance | null> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    // One after the other: what the first settles, the next sees.
    const read = await readContact(db, clock, { location_id, version }, contact_id, findBalance);
    if (read.kind === "read") return read.value;
    if (read.kind === "unknown_contact") return null;
    if (read.kind === "stale_authorisation") break;
    await settleMember(ledger, location_id, read.contact_external_id);
  }
  throw new Error("the balance changes at this moment");
}

function failureOf(error: unknown): Extract<Written, { kind: "failed" }> {
  const trouble = reasonOf(error);
  return { kind: "failed", trouble, retry_after_ms: error instanceof GhlError ? error.retry_after_ms : null };
}
