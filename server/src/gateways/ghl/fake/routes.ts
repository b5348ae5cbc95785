import { contactOnWire, invoiceOnWire, orderOnWire, orderRowOnWire, transactionOnWire } from "./on-wire.ts";
import { refusal, type FakeAnswer, type Grant } from "./tokens.ts";
import type { FakeContact, FakeLocation, Wire, World } from "./world.ts";

/** What an authorised call brings to a route. */
export interface FakeCall {
  world: World;
  grant: Grant;
  /** The location of the token, or the one that an agency's token names. */
  location: FakeLocation;
  params: string[];
  query: URLSearchParams;
  body: Wire;
  /** Tells ContactUpdate: our own writing comes back as an event. */
  tellContact: (contact: FakeContact) => void;
  uninstall: () => void;
}

export interface FakeRoute {
  method: string;
  path: RegExp;
  version: string;
  /** Query names without which the call is refused; `altType` must be `location`. */
  needs: string[];
  answer: (call: FakeCall) => FakeAnswer;
}

const CALENDARS = "2021-04-15";
const OTHERS = "2021-07-28";
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

function route(method: string, path: string, version: string, answer: FakeRoute["answer"]): FakeRoute {
  const needs = known_needs.filter(([start]) => path.startsWith(start)).flatMap(([, names]) => names);
  return { method, path: new RegExp(`^${path.replaceAll("{}", "([^/]+)")}$`), version, needs, answer };
}

const known_needs: [string, string[]][] = [
  ["/oauth/installedLocations", ["companyId", "appId"]],
  ["/products/", ["locationId"]],
  ["/payments/orders", ["altId"]],
  ["/payments/transactions", ["altId", "altType"]],
  ["/payments/subscriptions", ["altId", "altType"]],
  ["/invoices/", ["altId", "altType"]],
  ["/contacts/search/duplicate", ["locationId"]],
];

/** Null where the query says all that the route needs. */
export function missingFrom(query: URLSearchParams, { needs }: FakeRoute): FakeAnswer | null {
  const missing_name = needs.find((name) => {
    return name === "altType" ? query.get(name) !== "location" : !query.get(name);
  });
  return missing_name === undefined ? null : refusal(422, `${missing_name} is missing or wrong`);
}

const ok = (body: Wire): FakeAnswer => ({ status: 200, body });
const missing = (what: string): FakeAnswer => refusal(404, `${what} not found`);

export const routes: FakeRoute[] = [
  route("GET", "/oauth/installedLocations", OTHERS, ({ world, grant, query }) => {
    if (grant.user_type !== "Company") return refusal(403, "A company token is needed");
    const all = [...world.locations.values()].filter(
      (each) => each.company_id === grant.company_id && each.is_installed,
    );
    const skip = Number(query.get("skip") ?? 0);
    const locations = all.slice(skip, skip + Number(query.get("limit") ?? 20)).map(({ id, name, installed_at }) => ({
      _id: id,
      name,
      address: "1 Main Street",
      isInstalled: true,
      installedAt: installed_at === null ? null : new Date(installed_at).toISOString(),
    }));
    return ok({ locations, count: all.length, installToFutureLocations: false });
  }),
  route("GET", "/products/", OTHERS, ({ location, query }) => {
    const products = [...location.products.values()];
    return ok({ products: pageOf(products, query), total: [{ total: products.length }] });
  }),
  route("GET", "/products/{}/price", OTHERS, ({ location, params, query }) => {
    const prices = [...location.prices.values()].filter((price) => price.product === params[0]);
    return ok({ prices: pageOf(prices, query), total: prices.length });
  }),
  route("GET", "/payments/orders", OTHERS, ({ location, query }) => {
    const orders = [...location.orders.values()].filter((each) => isAsked(each, query, { contactId: "contactId" }));
    return ok(listOf(orders, query, (order) => orderRowOnWire(location, order)));
  }),
  route("GET", "/payments/orders/{}", OTHERS, ({ location, params: [id = ""] }) => {
    const order = location.orders.get(id);
    return order ? ok(orderOnWire(location, order)) : missing("Order");
  }),
  route("GET", "/payments/transactions", OTHERS, ({ world, location, query }) => {
    const names = { entityId: "entityId", subscriptionId: "subscriptionId", contactId: "contactId" };
    const found = [...location.transactions.values()].filter((transaction) => {
      return transaction.visible_at <= world.clock.now() && isAsked(transaction, query, names);
    });
    return ok(listOf(found.toReversed(), query, (transaction) => transactionOnWire(location, transaction)));
  }),
  route("GET", "/payments/transactions/{}", OTHERS, ({ location, params: [id = ""] }) => {
    const transaction = location.transactions.get(id);
    return transaction ? ok(transactionOnWire(location, transaction)) : missing("Transaction");
  }),
  route("GET", "/payments/subscriptions", OTHERS, ({ location, query }) => {
    const names = { entityId: "entityId", contactId: "contactId", id: "_id" };
    const found = [...location.subscriptions.values()].filter((each) => isAsked(each, query, names));
    return ok(listOf(found, query, (subscription) => ({ ...subscription })));
  }),
  route("GET", "/payments/subscriptions/{}", OTHERS, ({ location, params: [id] }) => {
    const subscription = [...location.subscriptions.values()].find((each) => each._id === id);
    return subscription ? ok({ ...subscription }) : missing("Subscription");
  }),
  route("GET", "/invoices/{}", OTHERS, ({ location, params: [id = ""] }) => {
    const invoice = location.invoices.get(id);
    return invoice ? ok(invoiceOnWire(location, invoice)) : missing("Invoice");
  }),
  route("GET", "/calendars/", CALENDARS, ({ location }) => ok({ calendars: [...location.calendars.values()] })),
  route("GET", "/calendars/events", CALENDARS, ({ location, query }) => {
    if (!location.calendars.has(query.get("calendarId") ?? "")) return missing("Calendar");
    const [from, to] = [Number(query.get("startTime")), Number(query.get("endTime"))];
    const events = [...location.appointments.values()].filter((each) => {
      const is_inside = Date.parse(each.endTime) > from && Date.parse(each.startTime) < to;
      return is_inside && each.calendarId === query.get("calendarId");
    });
    return ok({ events: events.map((event) => ({ ...event, locationId: location.id })) });
  }),
  route("GET", "/calendars/events/appointments/{}", CALENDARS, ({ location, params: [id = ""] }) => {
    const event = location.appointments.get(id);
    return event ? ok({ event: { ...event, locationId: location.id } }) : missing("Event");
  }),
  route("POST", "/contacts/search", OTHERS, ({ location, body }) => {
    const {
      page,
      pageLimit,
      filters = [],
      query = "",
    } = body as {
      page: number;
      pageLimit: number;
      filters?: { field: string; value: string }[];
      query?: string;
    };
    const found = [...location.contacts.values()].filter((contact) => {
      const { firstName, lastName, email, phone } = contact;
      const words = `${firstName} ${lastName} ${email ?? ""} ${phone ?? ""}`.toLowerCase();
      const is_meant = ({ field, value }: { field: string; value: string }) =>
        String((contact as unknown as Wire)[field]).toLowerCase() === value.toLowerCase();
      return filters.every(is_meant) && words.includes(query.toLowerCase());
    });
    const contacts = found.slice((page - 1) * pageLimit, page * pageLimit).map(contactOnWire);
    return ok({ contacts, total: found.length });
  }),
  route("GET", "/contacts/search/duplicate", OTHERS, ({ location, query }) => {
    const [email, number] = [query.get("email"), query.get("number")];
    const twin = [...location.contacts.values()].find((contact) => {
      return email === null ? contact.phone === number : contact.email?.toLowerCase() === email.toLowerCase();
    });
    return ok({ contact: twin ? contactOnWire(twin) : null });
  }),
  route("GET", "/contacts/{}", OTHERS, ({ location, params: [id = ""] }) => {
    const contact = location.contacts.get(id);
    return contact ? ok({ contact: { ...contactOnWire(contact), locationId: location.id } }) : missing("Contact");
  }),
  route("PUT", "/contacts/{}", OTHERS, ({ world, location, params: [id = ""], body, tellContact }) => {
    const contact = location.contacts.get(id);
    if (!contact) return missing("Contact");
    const fields = (body["customFields"] ?? []) as { id: string; field_value: unknown }[];
    if (fields.some((field) => !location.custom_fields.has(field.id))) return refusal(400, "Invalid custom field");
    const written = fields.map((field) => ({ id: field.id, value: field.field_value }));
    contact.customFields = [
      ...contact.customFields.filter((old) => !fields.some(({ id: name }) => name === old.id)),
      ...written,
    ];
    contact.dateUpdated = world.now();
    tellContact(contact);
    return ok({ succeded: true, contact: contactOnWire(contact) });
  }),
  route("GET", "/locations/{}", OTHERS, ({ location }) => {
    const { id, company_id, name, timezone } = location;
    return ok({ location: { id, companyId: company_id, name, timezone, email: `${id}@example.com` } });
  }),
  route("GET", "/locations/{}/customFields", OTHERS, ({ location }) => {
    return ok({ customFields: [...location.custom_fields.values()] });
  }),
  route("POST", "/locations/{}/customFields", OTHERS, ({ world, location, body }) => {
    const name = String(body["name"]);
    if ([...location.custom_fields.values()].some((field) => field.name === name)) {
      return refusal(400, `A custom field named ${name} already exists`);
    }
    const fieldKey = `contact.${name.toLowerCase().replaceAll(/\W+/g, "_")}`;
    const field = { id: world.newId(), name, fieldKey, dataType: body["dataType"], model: "contact", position: 0 };
    location.custom_fields.set(field.id, field);
    return { status: 201, body: { customField: field } };
  }),
  route("GET", "/users/{}", OTHERS, ({ world, params: [id = ""] }) => {
    const user = world.users.get(id);
    return user ? ok(user) : missing("User");
  }),
  route("GET", "/marketplace/app/{}/installations", OTHERS, ({ world, grant, location }) => {
    const company = world.companies.get(grant.company_id);
    const domain = company?.whitelabel_domain ?? null;
    return ok({
      installationDetails: {
        companyId: grant.company_id,
        locationId: location.id,
        companyName: company?.name,
        isWhitelabelCompany: domain !== null,
        whitelabelDetails: { domain },
      },
    });
  }),
  route("DELETE", "/marketplace/app/{}/installations", OTHERS, ({ uninstall }) => {
    uninstall();
    return ok({ success: true });
  }),
];

function pageOf<T>(items: T[], query: URLSearchParams): T[] {
  const offset = Number(query.get("offset") ?? 0);
  return items.slice(offset, offset + Math.min(MAX_LIMIT, Number(query.get("limit") ?? DEFAULT_LIMIT)));
}

function listOf<T>(items: T[], query: URLSearchParams, onWire: (item: T) => Wire): Wire {
  return { data: pageOf(items, query).map(onWire), totalCount: items.length };
}

/** Query names that must equal a field, and the dates between which it was created. */
function isAsked(item: object, query: URLSearchParams, names: Record<string, string>): boolean {
  const facts = item as Wire;
  const is_same = Object.entries(names).every(([asked, field]) => {
    const value = query.get(asked);
    return value === null || facts[field] === value;
  });
  const date = String(facts["createdAt"]).slice(0, 10);
  return is_same && date >= (query.get("startAt") ?? "") && date <= (query.get("endAt") ?? "9999");
}
