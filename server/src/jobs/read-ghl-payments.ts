import type { GhlReach } from "../gateways/ghl/client.ts";
import { firstTransactions } from "../gateways/ghl/read-transaction.ts";
import { listSubscriptions } from "../gateways/ghl/subscriptions.ts";
import { listTransactions, type GhlTransaction } from "../gateways/ghl/transactions.ts";
import type { PollTurn } from "../operations/connections/poll-turns.ts";
import { newFacts, type PolledFact, type PolledFrom } from "../operations/events/keep-polled.ts";
import type { Database } from "../platform/database.ts";
import { DAY } from "../rules/time/local-days.ts";
import { keyOf, subscriptionFact, transactionFact } from "./polled-facts.ts";

/** A transaction may be readable only some time after it was made. */
const OVERLAP_MS = 3_600_000;
/** A refund changes an old transaction, and no list shows what changed. */
const SWEEP_MS = 60 * DAY;

/** Transactions since the last reading, or in a sweep those of the last 60 days; as facts, those that are news. */
export async function readTransactions(db: Database, reach: GhlReach, turn: PollTurn): Promise<PolledFact[]> {
  const { location_id, kind, now, began_at, cursor_at } = turn;
  const since = kind === "transactions_sweep" ? now - SWEEP_MS : (cursor_at ?? began_at) - OVERLAP_MS;
  const from = Math.max(since, began_at);
  const listed = await listTransactions(reach.client, { location_id: reach.ghl_location_id, from });
  const ours = listed
    // The list is asked for by days; what was paid before the connection is not ours to grant.
    .filter(({ created_at }) => created_at === null || created_at >= began_at)
    .map((transaction) => {
      const { transaction_id } = transaction;
      return { transaction, dedupe_key: keyOf(location_id, "transaction", transaction_id, transaction) };
    });
  const facts: PolledFact[] = [];
  const first = new FirstOfEntities(reach);
  for (const { transaction, dedupe_key } of await newFacts(db, ofGhl(location_id), ours)) {
    // One after the other: what the first asks for often answers the next.
    facts.push(transactionFact(dedupe_key, transaction, await first.isFirst(transaction)));
  }
  return facts;
}

/** All subscriptions, whenever they began: no list shows which of them changed. */
export async function readSubscriptions(db: Database, reach: GhlReach, turn: PollTurn): Promise<PolledFact[]> {
  const { location_id } = turn;
  const listed = await listSubscriptions(reach.client, { location_id: reach.ghl_location_id });
  const keyed = listed.map((subscription) => {
    const { record_id } = subscription;
    return { subscription, dedupe_key: keyOf(location_id, "subscription", record_id, subscription) };
  });
  const news = await newFacts(db, ofGhl(location_id), keyed);
  return news.map(({ subscription, dedupe_key }) => subscriptionFact(dedupe_key, subscription));
}

export function ofGhl(location_id: string): PolledFrom {
  return { provider: "ghl", connection_id: null, location_id };
}

/** Which transaction is the payment that its order was told of; renewals name the same order, and are their own. */
class FirstOfEntities {
  readonly #reach: GhlReach;
  readonly #known = new Map<string, Set<string>>();

  constructor(reach: GhlReach) {
    this.#reach = reach;
  }

  async isFirst({ transaction_id, subscription_id, entity_id }: GhlTransaction): Promise<boolean> {
    // Partial payments of one order are one payment.
    if (subscription_id === null || entity_id === null) return subscription_id === null;
    const known = this.#known.get(entity_id) ?? (await this.#ask(entity_id));
    return known.has(transaction_id);
  }

  async #ask(entity_id: string): Promise<Set<string>> {
    const { client, ghl_location_id: location_id } = this.#reach;
    const first = firstTransactions(await listTransactions(client, { location_id, entity_id }));
    this.#known.set(entity_id, first);
    return first;
  }
}
