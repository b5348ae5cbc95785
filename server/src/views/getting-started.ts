import { z } from "zod";
import { instant } from "../platform/sql.ts";
import { allowsMutations } from "../rules/billing/billing-status.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { LocationView } from "./location-read.ts";

const STEPS = [
  "billing",
  "location",
  "product_configs",
  "api_client",
  "test_purchase",
  "test_booking",
  "members",
  "live",
] as const;
type Step = (typeof STEPS)[number];

const stepShape = z.object({
  step: z.enum(STEPS),
  state: z.enum(["done", "open", "not_needed"]),
  fact: z
    .string()
    .nullable()
    .describe(
      "billing: its status. location: how it is connected. test_purchase, test_booking: who told of it. live: what keeps it from being live.",
    ),
  count: z.int().nullable().describe("Product configs, API clients, or contacts there are."),
  at: z.iso.datetime().nullable().describe("The last webhook, use, purchase or booking, by the real clock."),
  seconds_ago: z.int().min(0).nullable().describe("How long ago that is."),
});

export const gettingStartedAnswer = z.object({
  getting_started: z.object({
    way: z
      .enum(["ghl", "api", "undecided"])
      .describe("ghl: connected to GoHighLevel. api: by an API client alone. undecided: neither is there yet."),
    steps: z.array(stepShape).describe("In their order."),
    next: z.enum(STEPS).nullable().describe("The first that is still to do; null: all is done."),
  }),
});

type StepShape = z.output<typeof stepShape>;

const FACTS = {
  name: "view_getting_started",
  text: `
    SELECT
      (SELECT g.status FROM ghl_connections g WHERE g.location_id = $1) AS ghl_status,
      (SELECT g.installed_at FROM ghl_connections g WHERE g.location_id = $1) AS installed_at,
      (SELECT w.received_at FROM webhook_events w WHERE w.location_id = $1 ORDER BY w.received_at DESC, w.id DESC LIMIT 1)
        AS webhook_at,
      (SELECT count(*)::integer FROM product_configs p WHERE p.location_id = $1 AND p.active) AS products,
      (SELECT count(*)::integer FROM api_clients a WHERE a.location_id = $1 AND a.active) AS clients,
      (SELECT max(a.last_used_at) FROM api_clients a WHERE a.location_id = $1) AS used_at,
      (SELECT count(*)::integer FROM contacts c WHERE c.location_id = $1 AND c.merged_into IS NULL) AS contacts`,
};

// Staff decide by hand too, which tests nothing: only what a provider or an automation told of counts.
const PURCHASE = {
  name: "view_last_purchase",
  text: `
    SELECT p.provider AS told_by, p.recorded_at FROM payment_events p
    WHERE p.location_id = $1 AND p.status = 'recorded' AND p.provider <> 'console' ORDER BY p.paid_at DESC, p.id DESC LIMIT 1`,
};
const BOOKING = {
  name: "view_last_booking",
  text: `
    SELECT a.source AS told_by, a.booked_at AS recorded_at FROM appointments a
    WHERE a.location_id = $1
    ORDER BY (CASE WHEN a.starts_at IS NULL THEN a.booked_at ELSE a.starts_at END) DESC, a.external_id DESC, a.contact_id DESC
    LIMIT 1`,
};

type Facts = {
  ghl_status: string | null;
  installed_at: Instant | null;
  webhook_at: Instant | null;
  products: number;
  clients: number;
  used_at: Instant | null;
  contacts: number;
};
type Told = { told_by: string; recorded_at: Instant };

/** How far a location has come from nothing to live, step by step, from what there is. */
export async function findGettingStarted(view: LocationView): Promise<z.output<typeof gettingStartedAnswer>> {
  const { tx, location_id, billing_status, real_now, sandbox, status } = view;
  const [[facts], [purchase], [booking]] = await Promise.all([
    tx.query<Facts>(FACTS, [location_id]),
    tx.query<Told>(PURCHASE, [location_id]),
    tx.query<Told>(BOOKING, [location_id]),
  ]);
  if (!facts) throw new Error("a statement of sub-selects answers one row");
  const { ghl_status, webhook_at, installed_at, products, clients, used_at, contacts } = facts;
  const is_billed = allowsMutations(billing_status);
  const is_connected = ghl_status === "connected";
  // An installation makes a location of its own; only a sandbox takes samples of either.
  const way = ghl_status !== null ? "ghl" : clients > 0 || !sandbox ? "api" : "undecided";
  const stepOf = (step: Step, state: StepShape["state"] | boolean, fact: Partial<StepShape> = {}): StepShape => ({
    step,
    state: typeof state === "string" ? state : state ? "done" : "open",
    fact: null,
    count: null,
    at: null,
    ...fact,
    seconds_ago:
      fact.at === null || fact.at === undefined
        ? null
        : Math.max(0, Math.floor((real_now - Date.parse(fact.at)) / 1000)),
  });
  const at = (time: Instant | null | undefined) => (time === null || time === undefined ? null : instant(time));
  const waits_for = !is_billed ? "billing" : sandbox ? "sandbox" : status === "active" ? null : status;
  const steps = [
    stepOf("billing", is_billed, { fact: billing_status }),
    stepOf("location", is_connected || way === "api", {
      fact: ghl_status ?? (way === "api" ? "api" : null),
      at: at(webhook_at ?? installed_at),
    }),
    stepOf("product_configs", products > 0, { count: products }),
    stepOf("api_client", clients > 0 ? "done" : way === "ghl" ? "not_needed" : "open", {
      count: clients,
      at: at(used_at),
    }),
    stepOf("test_purchase", purchase !== undefined, { fact: purchase?.told_by ?? null, at: at(purchase?.recorded_at) }),
    stepOf("test_booking", booking !== undefined, { fact: booking?.told_by ?? null, at: at(booking?.recorded_at) }),
    // The one of the test purchase alone is no studio yet.
    stepOf("members", contacts > 1, { count: contacts }),
    stepOf("live", waits_for === null && purchase !== undefined && products > 0, { fact: waits_for }),
  ];
  return { getting_started: { way, steps, next: steps.find(({ state }) => state === "open")?.step ?? null } };
}
