import type { Clock } from "../platform/clock.ts";
import type { Database, TransactionSettings } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { instant } from "../platform/sql.ts";
import { allowsMutations } from "../rules/billing/billing-status.ts";
import type { ProductConfig } from "../rules/catalog/product-config.ts";
import type { Changes } from "../rules/credits/member-books.ts";
import type { Member } from "../rules/credits/member.ts";
import type { Decision, Facts } from "../rules/decision.ts";
import { isSuccess, renderOutcome, type Explanation, type Outcome } from "../rules/outcome.ts";
import type { RememberedRequest } from "../store/requests.ts";
import { BatchEffects, unattachedRow } from "./batch-effects.ts";
import type { Catalogs } from "./catalogs.ts";
import { joinKey, memberKey, relatedKey, tenantsOf } from "./keys.ts";
import { factsOf, loadFacts, type BatchFacts } from "./load-facts.ts";
import { withClosedLots } from "./load-members.ts";
import { offersGranted } from "./offers-of-batch.ts";
import type { Answer, Command } from "./operation.ts";

export interface LedgerAccess {
  db: Database;
  clock: Clock;
  catalogs: Catalogs;
}

/**
 * Facts → decision → effects, for all commands in one transaction: a few statements load everything, each command is
 * decided in memory in its order, a few statements write everything, and only a durable commit is answered.
 */
export async function runBatch(
  access: LedgerAccess,
  commands: readonly Command[],
  settings: TransactionSettings,
): Promise<Answer[]> {
  const tx = await access.db.begin(tenantsOf(commands), settings);
  try {
    const facts = await loadFacts(tx, commands, access.catalogs, instant(access.clock.now()));
    // After the locks: whoever held them before us, in whatever process, lived before us.
    const real_now = access.clock.now();
    const recorded_at = instant(real_now);
    const effects = new BatchEffects();
    const answers: Answer[] = [];
    for (const command of commands) {
      let answer = decideOne(command, facts, effects, real_now);
      if (answer === "needs_closed_lots") {
        const member = facts.members.get(memberKey(command));
        if (!member) throw new Error("closed lots of nobody");
        facts.members.set(memberKey(command), await withClosedLots(tx, command.location_id, member));
        answer = decideOne(command, facts, effects, real_now);
      }
      if (answer === "needs_closed_lots") throw new Error(`${command.operation.name} never has enough facts`);
      answers.push(answer);
    }
    const written = effects.write(tx, tenantsOf(commands), facts.created_contact_ids, recorded_at);
    await Promise.all([...written, tx.commit()]);
    return answers;
  } catch (error) {
    await tx.rollback();
    throw error;
  }
}

function decideOne(
  command: Command,
  facts: BatchFacts,
  effects: BatchEffects,
  real_now: number,
): Answer | "needs_closed_lots" {
  const { location_id, operation, request, correlation_id } = command;
  const state = facts.states.get(location_id);
  const catalog = facts.catalogs.get(location_id);
  if (!state || !catalog) return { kind: "failed", error: new Error("unknown location") };
  if (command.authorised_version !== null && command.authorised_version !== state.version) {
    return { kind: "stale_authorisation" };
  }
  if (request) {
    const key = joinKey(location_id, request.id);
    // Whoever holds the claim of a remembered request only repeats its answer, as this one does.
    const first = facts.remembered.get(key);
    if (first) return repeat(first, operation.name, request.payload_hash, correlation_id);
    if (facts.busy.has(key)) return { kind: "in_progress" };
  }
  const real = real_now + state.clock_offset_ms;
  const as_of = command.as_of ?? null;
  const is_billing_live = allowsMutations(state.billing_status);
  // Nobody overtakes what arrived while the workspace was suspended.
  if (state.is_catching_up && is_billing_live && as_of === null && !operation.is_read) return { kind: "unavailable" };
  const now = as_of === null ? real : Math.min(as_of, real);
  const own: Facts = { ...factsOf(command, facts), catalog, is_billing_live };
  const merged = mergedOf(own);
  if (merged) return merged;
  let decision: Decision;
  try {
    decision = operation.decide(own, command.input as never, { now, correlation_id, newId });
  } catch (error) {
    return { kind: "failed", error };
  }
  if ("needs" in decision) return "needs_closed_lots";
  if ("invalid" in decision) return { kind: "invalid", ...decision.invalid };

  const { outcome, explanation } = decision;
  const body = renderBody(command, outcome, explanation);
  if (request) {
    const remembered = {
      location_id,
      request_id: request.id,
      operation: operation.name,
      payload_hash: request.payload_hash,
      body,
    };
    facts.remembered.set(joinKey(location_id, request.id), remembered);
    effects.remember({ ...remembered, explanation: isSuccess(outcome.reason_code) ? null : (explanation ?? null) });
  }
  if (decision.changes && decision.member) {
    effects.add(command, decision.member.contact.id, decision.changes, facts);
    apply(decision.changes, decision.member, location_id, facts);
    facts.members.set(memberKey(command), decision.member);
  }
  if (decision.kept) {
    effects.keep(command, decision.kept);
    facts.unattached.push(unattachedRow(location_id, decision.kept));
  }
  const related = relatedKey(command);
  if (decision.related && related !== null) {
    effects.add(command, decision.related.member.contact.id, decision.related.changes, facts);
    apply(decision.related.changes, decision.related.member, location_id, facts);
    facts.members.set(related, decision.related.member);
  }
  if (isSuccess(outcome.reason_code)) effects.tell(command, [decision.changes, decision.related?.changes]);
  return { kind: "answered", body, correlation_id, reason_code: outcome.reason_code, is_replay: false };
}

/** Which of its contacts was merged into another; null: none was. */
function mergedOf({ member, related }: Facts): Answer | null {
  for (const named of [member, related]) {
    if (named && named.contact.merged_into !== null) {
      return { kind: "merged", name: named.contact.external_id, into: named.contact.merged_into };
    }
  }
  return null;
}

/** What the next command of the batch sees beside the member. */
function apply(
  { payments, booking_versions }: Changes,
  { contact }: Member,
  location_id: string,
  facts: BatchFacts,
): void {
  const configs = facts.catalogs.get(location_id)?.configs ?? new Map<string, ProductConfig>();
  facts.offers_of_batch.push(...offersGranted(payments, contact, location_id, configs));
  for (const payment of payments) {
    facts.payments.set(payment.id, { ...payment, location_id });
    for (const { provider, key } of payment.keys)
      facts.payment_ids.set(joinKey(location_id, provider, key), payment.id);
    const { id } = payment;
    facts.nearby = [...facts.nearby.filter((row) => row.id !== id), { ...payment, location_id }];
  }
  for (const version of booking_versions) facts.versions.push({ ...version, location_id });
}

function repeat(first: RememberedRequest, operation: string, hash: Buffer, own_correlation_id: string): Answer {
  if (first.operation !== operation || !first.payload_hash.equals(hash)) {
    return { kind: "mismatch", operation: first.operation };
  }
  const { correlation_id, reason_code } = JSON.parse(first.body) as { correlation_id: string; reason_code: string };
  // After a commit whose reply was lost the answer that is found may be this very command's own, and its first.
  const is_replay = correlation_id !== own_correlation_id;
  return { kind: "answered", body: first.body, correlation_id, reason_code, is_replay };
}

function renderBody(command: Command, outcome: Outcome, explanation: Explanation | undefined): string {
  const body = renderOutcome(outcome, command.correlation_id);
  return JSON.stringify(command.explain && explanation ? { ...body, explanation } : body);
}
