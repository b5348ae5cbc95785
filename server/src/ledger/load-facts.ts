import type { Transaction } from "../platform/database.ts";
import type { Catalog } from "../rules/catalog/product-config.ts";
import type { Member } from "../rules/credits/member.ts";
import type { PaymentEvent } from "../rules/payments/payment-event.ts";
import type { LocationState } from "../store/locations.ts";
import type { RememberedRequest } from "../store/requests.ts";
import type { Catalogs } from "./catalogs.ts";
import { tenantsOf } from "./keys.ts";
import { loadMembers } from "./load-members.ts";
import { loadNamed } from "./load-named.ts";
import type { Command } from "./operation.ts";

/** Everything that a batch of commands looks at, as of the moment its members were locked. */
export interface BatchFacts {
  states: Map<string, LocationState>;
  catalogs: Map<string, Catalog>;
  /** Request ids that this transaction did not get: their first request is still in work. */
  busy: Set<string>;
  remembered: Map<string, RememberedRequest>;
  /** By `memberKey`. */
  members: Map<string, Member>;
  /** By location and contact id: the member's key. */
  member_keys: Map<string, string>;
  payments: Map<string, PaymentEvent>;
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
  const { states, busy, remembered, payments, created_contact_ids } = first;
  return { states, catalogs: known, busy, remembered, members, member_keys, payments, created_contact_ids };
}
