import { z } from "zod";
import { listCalendars, type GhlCalendar } from "../gateways/ghl/calendars.ts";
import type { GhlReach } from "../gateways/ghl/client.ts";
import { findContactsLike, type GhlContact } from "../gateways/ghl/contacts.ts";
import { listPrices, listProducts, type GhlPrice, type GhlProduct } from "../gateways/ghl/products.ts";
import { locationField, text } from "../operations/fields.ts";
import { readLocation } from "../views/location-read.ts";
import { findProductMap, type MappedProduct } from "../views/product-map.ts";
import type { LocationCall } from "./location-call.ts";

const config = z.object({ id: z.string(), name: z.string(), active: z.boolean() });
const configs = (about: string) => z.array(config).describe(about);
const name = z.string().nullable();
const price = z.object({
  price_id: z.string(),
  name,
  price_type: z.enum(["one_time", "recurring"]).nullable(),
  currency: z.string().nullable(),
  amount_cents: z.int().nullable().describe("In the smallest unit of the currency."),
  interval: z.string().nullable().describe("day, week, month or year; null for a price that is paid once."),
  interval_count: z.number().nullable(),
  product_configs: configs("Product configs that name this price; they come before those of the product."),
});
const product = z.object({
  product_id: z.string(),
  name,
  product_type: name,
  product_configs: configs("Product configs that name this product."),
  prices: z.array(price),
});
const calendar = z.object({
  calendar_id: z.string(),
  name,
  is_active: z.boolean(),
  product_configs: configs("Product configs that cover this calendar."),
});
const contact = z.object({ contact_id: z.string(), name, email: name, phone: name });

const MAX_CONTACTS = 20;
/** What GoHighLevel searches for at most. */
const MAX_QUERY = 75;
/** Products whose prices are asked for at once. */
const TOGETHER = 10;
const NO_ANSWER = ["NOT_CONNECTED", "GHL_UNAVAILABLE"] as const;
const ten_classes = { id: "pc_01kajs2mq8f7r9t3v5x7z9b1d3", name: "10-class pack", active: true };
const everything = z.object(locationField);

const products: LocationCall<typeof everything> = {
  method: "get",
  path: "/api/v2/ghl/products",
  name: "ghl_products",
  title: "List GoHighLevel's products",
  about:
    "The products of the location in GoHighLevel with their prices, and the product configs that they are mapped to.",
  input: everything,
  reason_code: "ghl_products_loaded",
  refusals: NO_ANSWER,
  answer: z.object({ products: z.array(product) }),
  example: {
    answer: {
      products: [
        {
          product_id: "65f0c1",
          name: "Ten classes",
          product_type: "SERVICE",
          product_configs: [ten_classes],
          prices: [
            {
              price_id: "65f0c2",
              name: "Once",
              price_type: "one_time",
              currency: "USD",
              amount_cents: 12000,
              interval: null,
              interval_count: null,
              product_configs: [],
            },
          ],
        },
      ],
    },
  },
  run: async ({ db, ghl }, caller) => {
    const map = await readLocation(db, caller, (tx) => findProductMap(tx, caller.location_id));
    if (map === "stale_authorisation") return map;
    return ghl.answer(caller.location_id, "products", askProducts, (found) => ({
      products: found.map((one) => showProduct(one, map)),
    }));
  },
};

type PricedProduct = GhlProduct & { prices: GhlPrice[] };

async function askProducts({ client, ghl_location_id }: GhlReach): Promise<PricedProduct[]> {
  const waiting = await listProducts(client, ghl_location_id);
  const priced: PricedProduct[] = [];
  while (waiting.length > 0) {
    const some = waiting.splice(0, TOGETHER);
    // A few at a time: the location's budget of requests is not the picker's alone.
    const prices = await Promise.all(some.map((one) => listPrices(client, ghl_location_id, one.product_id)));
    priced.push(...some.map((one, i) => ({ ...one, prices: prices[i] ?? [] })));
  }
  return priced;
}

function showProduct({ product_id, name: named, product_type, prices }: PricedProduct, map: MappedProduct[]) {
  return {
    product_id,
    name: named,
    product_type,
    product_configs: namedBy(map, ({ sold_as }) => sold_as.some((sold) => sold.product_id === product_id)),
    prices: prices.map(({ price_id, name: called, price_type, currency, amount_cents, interval, interval_count }) => ({
      price_id,
      name: called,
      price_type,
      currency,
      amount_cents,
      interval,
      interval_count,
      product_configs: namedBy(map, ({ sold_as }) => sold_as.some((sold) => sold.price_id === price_id)),
    })),
  };
}

const calendars: LocationCall<typeof everything> = {
  method: "get",
  path: "/api/v2/ghl/calendars",
  name: "ghl_calendars",
  title: "List GoHighLevel's calendars",
  about: "The calendars of the location in GoHighLevel, and the product configs that cover each.",
  input: everything,
  reason_code: "ghl_calendars_loaded",
  refusals: NO_ANSWER,
  answer: z.object({ calendars: z.array(calendar) }),
  example: {
    answer: {
      calendars: [{ calendar_id: "cal_yoga", name: "Yoga", is_active: true, product_configs: [ten_classes] }],
    },
  },
  run: async ({ db, ghl }, caller) => {
    const map = await readLocation(db, caller, (tx) => findProductMap(tx, caller.location_id));
    if (map === "stale_authorisation") return map;
    const ask = ({ client, ghl_location_id }: GhlReach): Promise<GhlCalendar[]> =>
      listCalendars(client, ghl_location_id);
    return ghl.answer(caller.location_id, "calendars", ask, (found) => ({
      calendars: found.map((one) => ({
        ...one,
        product_configs: namedBy(map, (by) => by.calendars.includes(one.calendar_id)),
      })),
    }));
  },
};

const search = z.object({
  query: text.max(MAX_QUERY).describe("Part of a name, an e-mail address or a phone number."),
  ...locationField,
});

const contacts: LocationCall<typeof search> = {
  method: "get",
  path: "/api/v2/ghl/contacts",
  name: "ghl_contacts",
  title: "Search GoHighLevel's contacts",
  about: `Contacts of the location in GoHighLevel, at most ${MAX_CONTACTS}; contact_id is the external_contact_id of all other calls.`,
  input: search,
  reason_code: "ghl_contacts_loaded",
  refusals: NO_ANSWER,
  answer: z.object({ contacts: z.array(contact) }),
  example: {
    answer: { contacts: [{ contact_id: "maya", name: "Maya Lopez", email: "maya@example.com", phone: null }] },
  },
  run: async ({ db, ghl }, caller, { query }) => {
    const standing = await readLocation(db, caller, () => Promise.resolve(null));
    if (standing === "stale_authorisation") return standing;
    const ask = ({ client, ghl_location_id: location_id }: GhlReach): Promise<GhlContact[]> =>
      findContactsLike(client, { location_id, query, at_most: MAX_CONTACTS });
    return ghl.answer(caller.location_id, `contacts ${query}`, ask, (found) => ({
      contacts: found.map(({ contact_id, name: named, email, phone }) => ({ contact_id, name: named, email, phone })),
    }));
  },
};

function namedBy(map: MappedProduct[], isMeant: (one: MappedProduct) => boolean) {
  return map.filter(isMeant).map(({ id, name: named, active }) => ({ id, name: named, active }));
}

/** What a person chooses from while setting up products, read live. */
export const GHL_PICKERS: readonly LocationCall[] = [
  products,
  calendars,
  contacts,
] as readonly unknown[] as LocationCall[];
