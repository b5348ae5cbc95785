import type { Act } from "./acts.ts";
import { SOLD } from "./catalog.ts";
import type { YearRun } from "./year-run.ts";

type StaffAct = Extract<Act, { do: "grant" | "freeze" | "unfreeze" | "change_plan" | "cancel_membership" }>;

/** Asks over the API for what staff and automations want. What is refused is refused in every run. */
export async function askStaff(run: YearRun, act: StaffAct): Promise<void> {
  const { names } = run.providers;
  const external_contact_id = names.idOf(act.who);
  const body = { request_id: `${act.who} ${act.do} ${act.at}`, external_contact_id };
  if (act.do === "grant") {
    names.give(act.sale, act.sale);
    const product_config_id = run.studio.product_ids[act.what];
    const amount_cents = SOLD[act.what].dollars * 100;
    await run.ask("/grants", { ...body, external_payment_id: act.sale, product_config_id, amount_cents });
    return;
  }
  const membership_id = await findMembership(run, external_contact_id);
  if (membership_id === null) {
    run.counts.staff[`${act.do} without a membership`] = (run.counts.staff[`${act.do} without a membership`] ?? 0) + 1;
    return;
  }
  const path = `/memberships/${membership_id}`;
  const named = { ...body, membership_id };
  if (act.do === "freeze") {
    const { from_on, to_on } = act;
    await run.ask(`${path}/freeze`, { ...named, from_on, ...(to_on === null ? {} : { to_on }) });
  } else if (act.do === "unfreeze") await run.ask(`${path}/unfreeze`, named);
  else if (act.do === "change_plan")
    await run.ask(`${path}/change-plan`, { ...named, product_config_id: run.studio.product_ids[act.to] });
  else await run.ask(`${path}/cancel`, { ...named, mode: act.when });
}

async function findMembership(run: YearRun, external_contact_id: string): Promise<string | null> {
  const [membership] = await run.sql<{ id: string }>(
    `SELECT m.id FROM memberships m JOIN contacts c ON c.location_id = m.location_id AND c.id = m.contact_id
     WHERE c.external_id = $1 AND m.status <> 'ended' ORDER BY m.started_at DESC LIMIT 1`,
    [external_contact_id],
  );
  return membership?.id ?? null;
}
