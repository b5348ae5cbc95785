import { z } from "zod";
import { text, time } from "../../operations/fields.ts";
import { CONTACT_FILTERS, contactsAnswer, contactsCursor, searchContacts } from "../../views/contact-search.ts";
import { findAnything, hitsAnswer } from "../../views/find-anything.ts";
import {
  findListedPayments,
  listedPaymentsAnswer,
  listedPaymentsCursor,
  PAYMENT_STATES,
} from "../../views/listed-payments.ts";
import {
  BOOKING_FILTERS,
  BOOKING_LISTS,
  bookingsAnswer,
  bookingsCursor,
  listBookings,
} from "../../views/location-bookings.ts";
import {
  listMemberships,
  MEMBERSHIP_STATES,
  membershipsAnswer,
  membershipsCursor,
} from "../../views/location-memberships.ts";
import { viewLocation } from "../../views/location-read.ts";
import { findPaymentDetail, paymentDetailAnswer } from "../../views/payment-detail.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";
import { pageFields, pageOf, search, wordsOf } from "./list-input.ts";

/** Days ahead that a list of renewals looks at most. */
const MAX_RENEWAL_DAYS = 366;

const contacts = consoleCall({
  realm: "location",
  method: "get",
  path: "/contact-search",
  name: "search_contacts",
  title: "Find contacts",
  about:
    "Contacts whose name, e-mail, phone or id begins so, each with what they hold; an id of anything of theirs leads to them too. Without a search everybody, in the order of their names.",
  role: "viewer",
  input: z.object({
    search: search.describe("The beginning of a name, e-mail, phone number or id, or any whole id."),
    filters: wordsOf(CONTACT_FILTERS),
    ...pageFields(contactsCursor),
  }),
  answer: contactsAnswer,
  run: (context, by, { search: said = null, filters = [], ...page }) =>
    viewLocation(context, by, ({ tx, location_id, now }) =>
      searchContacts(tx, location_id, { search: said, filters, now }, pageOf(contactsCursor, page)),
    ),
});

const memberships = consoleCall({
  realm: "location",
  method: "get",
  path: "/memberships",
  name: "list_memberships",
  title: "List memberships",
  about: "The location's recurring members, the next to renew first.",
  role: "viewer",
  input: z.object({
    state: z.enum(MEMBERSHIP_STATES).default("live").describe("live: all that have not ended."),
    product_config_id: text.optional(),
    search: search.describe("The beginning of what the member is called by."),
    renews_within_days: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_RENEWAL_DAYS)
      .optional()
      .describe("Only those whose open period ends within so many days."),
    ...pageFields(membershipsCursor),
  }),
  answer: membershipsAnswer,
  run: (context, by, { renews_within_days: days, limit, cursor, ...filters }) =>
    viewLocation(context, by, ({ tx, location_id, now }) => {
      const renews_before = days === undefined ? undefined : now + days * 86_400_000;
      const page = pageOf(membershipsCursor, { limit, cursor });
      return listMemberships(tx, location_id, { ...filters, renews_before }, now, page);
    }),
});

const bookings = consoleCall({
  realm: "location",
  method: "get",
  path: "/bookings",
  name: "list_bookings",
  title: "List bookings",
  about: "The location's bookings: those to come, the next first, or those that have begun, or all, the latest first.",
  role: "viewer",
  input: z.object({
    list: z.enum(BOOKING_LISTS).default("upcoming"),
    only: z.enum(BOOKING_FILTERS).optional().describe("Only those that stand so."),
    calendar_id: text.optional(),
    search: search.describe("The beginning of what the member is called by, or the booking's own id."),
    from: time.optional().describe("Taking place then or later; omitted: from now on, or ever."),
    to: time.optional().describe("Taking place before then; omitted: ever, or until now."),
    ...pageFields(bookingsCursor),
  }),
  answer: bookingsAnswer,
  run: (context, by, { limit, cursor, ...question }) =>
    viewLocation(context, by, ({ tx, location_id, now }) =>
      listBookings(tx, location_id, { ...question, now }, pageOf(bookingsCursor, { limit, cursor })),
    ),
});

const payments = consoleCall({
  realm: "location",
  method: "get",
  path: "/payment-events",
  name: "list_payment_events",
  title: "List payment events",
  about: "The location's payments, the latest paid first, each with all the ways in which it stands.",
  role: "viewer",
  input: z.object({
    state: z.enum(PAYMENT_STATES).optional().describe("Only payments that stand so, whatever else they do."),
    search: search.describe("The beginning of what the payer is called by, or any name of the payment."),
    product_config_id: text.optional().describe("Only payments of which an item is this product."),
    from: time.optional().describe("Paid at this time or later."),
    to: time.optional().describe("Paid before this time."),
    ...pageFields(listedPaymentsCursor),
  }),
  answer: listedPaymentsAnswer,
  run: (context, by, { limit, cursor, ...question }) =>
    viewLocation(context, by, ({ tx, location_id }) =>
      findListedPayments(tx, location_id, question, pageOf(listedPaymentsCursor, { limit, cursor })),
    ),
});

const payment = consoleCall({
  realm: "location",
  method: "get",
  path: "/payment-events/{id}",
  name: "get_payment_event",
  title: "Get a payment event",
  about: "One payment with all its names, items and refunds, what was delivered of it, and what became of it.",
  role: "viewer",
  input: z.object({ id: z.guid().describe("The payment event's own id.") }),
  answer: paymentDetailAnswer,
  run: (context, by, { id }) =>
    viewLocation(
      context,
      by,
      async ({ tx, location_id }) => (await findPaymentDetail(tx, location_id, id)) ?? ("unknown" as const),
    ),
});

const anything = consoleCall({
  realm: "location",
  method: "get",
  path: "/find",
  name: "find_anything",
  title: "Find anything",
  about: "Whatever of the location has this id, or is called so: what the command palette offers.",
  role: "viewer",
  input: z.object({ search: search.describe("Any id, or the beginning of a name; nothing finds nothing.") }),
  answer: hitsAnswer,
  run: (context, by, { search: said = null }) =>
    viewLocation(context, by, async ({ tx, location_id, now }) =>
      said === null ? { hits: [] } : findAnything(tx, location_id, said, now),
    ),
});

/** Everything that a location's pages list, and the one search over all of it. */
export const LOCATION_LISTS: readonly ConsoleCall[] = [contacts, memberships, bookings, payments, payment, anything];
