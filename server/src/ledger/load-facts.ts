import type { Transaction } from "../platform/database.ts";
import type { Member } from "../rules/credits/member.ts";
import type { Facts } from "../rules/decision.ts";
import type { LocationState } from "../store/locations.ts";
import type { RememberedRequest } from "../store/requests.ts";
import type { Catalogs, LocationCatalog } from "./catalogs.ts";
import { joinKey, memberKey, relatedKey, tenantsOf } from "./keys.ts";
import { loadMembers } from "./load-members.ts";
import { loadNamed, type NamedFacts } from "./load-named.ts";
import { offersOfPerson, type OfferOfBatch } from "./offers-of-batch.ts";
import type { Command } from "./operation.ts";

/** Everything that a batch of commands looks at, as of the moment its members were locked. */
export interface BatchFacts extends Pick<
  NamedFacts,
  "payments" | "payment_ids" | "unattached" | "nearby" | "offers" | "versions" | "aliases"
> {
  states: Map<string, LocationState>;
  catalogs: Map<string, LocationCatalog>;
  /** Request ids that this transaction did not get: their first request is still in work. */
  busy: Set<string>;
  remembered: Map<string, RememberedRequest>;
  /** By `memberKey`. */
  members: Map<string, Member>;
  /** Grows with each command. */
  offers_of_batch: OfferOfBatch[];
  /** By location and contact id: the member's key. */
  member_keys: Map<string, string>;
  created_contact_ids: readonly string[];
}

/** Loads in two set-based rounds: what the inputs name, then what that leads to (clarification 27). */
export async function loadFacts(
  tx: Transaction,
  commands: readonly Command[],
  catalogs: Catalogs,
  recorded_at: string,
): Promise<BatchFacts> {
  const tenants = tenantsOf(commands);
  const first = await loadNamed(tx, tenants, commands, recorded_at);
  const known = await catalogs.load(tx, [...first.states.values()]);
  const { members, member_keys } = await loadMembers(tx, tenants, commands, first, known);
  return { ...first, catalogs: known, offers_of_batch: [], members, member_keys };
}

/** What one command of the batch may look at, with all that those before it changed. */
export function factsOf(command: Command, facts: BatchFacts): Omit<Facts, "catalog" | "is_billing_live"> {
  const { location_id, keys } = command;
  const named = new Set((keys.payment_keys ?? []).map(({ provider, key }) => joinKey(location_id, provider, key)));
  const ids = new Set([...named].flatMap((key) => facts.payment_ids.get(key) ?? []));
  if (keys.payment_id !== undefined) ids.add(keys.payment_id);
  // A batch holds payments of several locations, and an id is whatever its caller says.
  const payments = [...ids]
    .flatMap((id) => facts.payments.get(id) ?? [])
    .filter((payment) => payment.location_id === location_id);
  const [first] = payments;
  const payer_key = first && facts.member_keys.get(joinKey(location_id, first.contact_id));
  const member = facts.members.get(memberKey(command)) ?? null;
  const related = relatedKey(command);
  return {
    member,
    payments,
    payer: (payer_key ? facts.members.get(payer_key) : null) ?? null,
    related: (related === null ? null : facts.members.get(related)) ?? null,
    unattached: facts.unattached
      .filter((row) => row.location_id === location_id)
      .map(({ document }) => document)
      .filter((document) => document.keys.some(({ provider, key }) => named.has(joinKey(location_id, provider, key)))),
    nearby_payments: facts.nearby.filter(
      (row) => row.location_id === location_id && row.contact_id === member?.contact.id,
    ),
    offers_taken: [
      ...facts.offers.filter(
        (row) => row.location_id === location_id && row.contact_external_id === keys.contact_external_id,
      ),
      ...offersOfPerson(facts.offers_of_batch, command, member?.contact ?? null),
    ],
    booking_versions: facts.versions.filter(
      (row) => row.location_id === location_id && row.external_id === keys.versions_of,
    ),
    aliases: facts.aliases
      .filter((row) => row.location_id === location_id && row.of === keys.contact_external_id)
      .map(({ alias }) => alias),
  };
}
