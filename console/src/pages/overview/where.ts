import { paths } from "../../paths.ts";
import type { Overview } from "./overview-page.tsx";

type Kind = Overview["attention"][number];
type Row = Kind["first"][number];

/** The payments of each kind, as their list's filter names them. */
const PAYMENT_STATES: Partial<Record<Kind["kind"], string>> = {
  unmatched_payment: "unmatched",
  probable_duplicate: "probable_duplicate",
  held_payment: "held",
  charged_while_frozen: "charged_while_frozen",
  refund_shortfall: "shortfall",
  refund_unreckoned: "refund_unreckoned",
};

const withQuery = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query).toString()}`;

/** Where a kind of trouble is resolved: the one itself where there is one only, else all of them. */
export function whereOf(location_id: string, { kind, count, first }: Kind): string {
  const [only] = first;
  const own = count === 1 && only ? whereOfRow(location_id, kind, only) : null;
  if (own !== null) return own;
  const state = PAYMENT_STATES[kind];
  if (state !== undefined) return withQuery(paths.payments(location_id), { state });
  if (kind === "failed_webhook") return withQuery(paths.webhookEvents(location_id), { status: "dead" });
  if (kind === "unfunded_booking") return withQuery(paths.bookings(location_id), { only: "unfunded", list: "all" });
  return paths.locationSettings(location_id);
}

/** A page of its own; null: it has none. */
export function whereOfRow(location_id: string, kind: Kind["kind"], { id }: Row): string | null {
  if (kind in PAYMENT_STATES) return paths.payment(location_id, id);
  return kind === "failed_webhook" ? paths.webhookEvent(location_id, id) : null;
}
