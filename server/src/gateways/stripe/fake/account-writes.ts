import { z } from "zod";
import { changeQuantity, previewInvoice } from "./quantities.ts";
import { listOf, listOfOne, metadata, text, whole, writeCall, WriteRefusal } from "./write-call.ts";

const proration = z.enum(["create_prorations", "none"]);
const item = z.strictObject({ id: text, quantity: whole.min(0) });
const enabled = z.looseObject({ enabled: z.enum(["true", "false"]) });

export const createCustomer = writeCall({
  path: /^\/v1\/customers$/u,
  input: z.strictObject({ name: text, email: z.email().optional(), metadata }),
  run: ({ account }, { name, email = null, metadata: said }) =>
    account.add("customers", { ...account.begin("cus", "customer"), name, email, phone: null, metadata: said }),
});

export const createPrice = writeCall({
  path: /^\/v1\/prices$/u,
  input: z.strictObject({
    currency: text,
    lookup_key: text,
    product_data: z.strictObject({ name: text }),
    billing_scheme: z.literal("tiered"),
    tiers_mode: z.literal("graduated"),
    recurring: z.strictObject({ interval: z.literal("month"), usage_type: z.literal("licensed") }),
    tiers: listOf(z.strictObject({ up_to: z.union([z.literal("inf"), whole]), unit_amount: whole })),
    expand: listOf(text).optional(),
  }),
  run: ({ account }, { currency, lookup_key, product_data, tiers }) => {
    if (account.all("prices").some((price) => price.lookup_key === lookup_key)) {
      throw new WriteRefusal(400, "resource_already_exists", `The lookup key ${lookup_key} is in use.`);
    }
    const begun = account.begin("prod", "product");
    const product = account.add("products", { ...begun, ...product_data, active: true, metadata: {} });
    return account.add("prices", {
      ...account.begin("price", "price"),
      active: true,
      billing_scheme: "tiered",
      currency,
      lookup_key,
      metadata: {},
      product: product.id,
      tiers_mode: "graduated",
      type: "recurring",
      unit_amount: null,
      recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
      _tiers: tiers.map(({ up_to, unit_amount }) => ({ up_to: up_to === "inf" ? null : up_to, unit_amount })),
    });
  },
});

export const updateSubscription = writeCall({
  path: /^\/v1\/subscriptions\/([A-Za-z0-9_]+)$/u,
  input: z.strictObject({ items: listOfOne(item), proration_behavior: proration }),
  run: ({ account, id }, { items: { id: item_id, quantity }, proration_behavior }) =>
    changeQuantity(account, id, { item_id, quantity, prorates: proration_behavior === "create_prorations" }),
});

export const preview = writeCall({
  path: /^\/v1\/invoices\/create_preview$/u,
  input: z.strictObject({
    customer: text,
    subscription: text,
    subscription_details: z.strictObject({ items: listOfOne(item), proration_behavior: proration }).optional(),
  }),
  run: ({ account }, { subscription, subscription_details }) => {
    const change = subscription_details?.items ?? null;
    return previewInvoice(account, subscription, change && { item_id: change.id, quantity: change.quantity });
  },
});

export const configurePortal = writeCall({
  path: /^\/v1\/billing_portal\/configurations$/u,
  input: z.strictObject({
    metadata,
    features: z.strictObject({
      payment_method_update: enabled,
      invoice_history: enabled,
      customer_update: enabled,
      subscription_cancel: enabled,
      subscription_update: enabled,
    }),
  }),
  run: ({ account }, { features, metadata: said }) =>
    account.add("portal_configurations", {
      ...account.begin("bpc", "billing_portal.configuration"),
      active: true,
      is_default: false,
      features,
      metadata: said,
    }),
});

export const openPortal = writeCall({
  path: /^\/v1\/billing_portal\/sessions$/u,
  input: z.strictObject({ customer: text, configuration: text, return_url: z.url() }),
  run: ({ account, base }, { customer, configuration, return_url }) => {
    const begun = account.begin("bps", "billing_portal.session");
    const { id: known } = account.get("customers", customer);
    const { id: chosen } = account.get("portal_configurations", configuration);
    const facts = { customer: known, configuration: chosen, return_url, url: `${base}/p/session/${begun.id}` };
    return account.add("portal_sessions", { ...begun, ...facts });
  },
});
