import { z } from "zod";
import { text } from "../../operations/fields.ts";
import { bookingWhyShape, findBookingWhy } from "../../views/booking-why.ts";
import { findHistory, historyAnswer } from "../../views/contact-history.ts";
import { timelineCursor } from "../../views/contact-timeline.ts";
import { entryWhyAnswer, findEntryWhy } from "../../views/entry-why.ts";
import { readMember } from "../read-member.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";
import { pageFields, pageOf } from "./list-input.ts";

const contact_id = text.describe("The contact's external id, or its own.");

const history = consoleCall({
  realm: "location",
  method: "get",
  path: "/contacts/{id}/history",
  name: "contact_history",
  title: "Everything about a contact",
  about:
    "Ledger, memberships, payments, bookings, opportunities and what staff decided, in one order of time, newest first, with who was behind it.",
  role: "viewer",
  input: z.object({ id: contact_id, ...pageFields(timelineCursor) }),
  answer: historyAnswer,
  run: (context, by, { id, ...page }) =>
    readMember(context, by, id, (view) => findHistory(view, pageOf(timelineCursor, page))),
});

const ENTRY_ID = /^(?<contact>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?<number>[1-9]\d{0,14})(?<side>-in)?$/;

const entryWhy = consoleCall({
  realm: "location",
  method: "get",
  path: "/ledger/{entry_id}/why",
  name: "entry_why",
  title: "Why is this entry in the ledger?",
  about:
    "One ledger entry with its reason and rule, the payment, booking, request or delivery that caused it, who did it, and what came of it.",
  role: "viewer",
  input: z.object({
    entry_id: z.string().regex(ENTRY_ID, "must be the id of a ledger entry").describe("As the ledger's reads tell it."),
  }),
  answer: entryWhyAnswer,
  run: (context, by, { entry_id }) => {
    const { contact = "", number = "", side } = ENTRY_ID.exec(entry_id)?.groups ?? {};
    return readMember(context, by, contact, async (view) => {
      // Of a contact that was merged into another one its own books are meant.
      const of_entry = { ...view, contact: { ...view.contact, id: contact } };
      const why = await findEntryWhy(of_entry, Number(number), side === undefined ? "out" : "in");
      return why ? { why } : ("unknown" as const);
    });
  },
});

const bookingWhy = consoleCall({
  realm: "location",
  method: "get",
  path: "/contacts/{id}/bookings/{booking_id}/why",
  name: "booking_why",
  title: "Why does this booking stand as it does?",
  about: "One booking with all that its calendar said of it, what it moved, and what staff decided.",
  role: "viewer",
  input: z.object({ id: contact_id, booking_id: text }),
  answer: z.object({ why: bookingWhyShape }),
  run: (context, by, { id, booking_id }) =>
    readMember(context, by, id, async (view) => {
      const why = await findBookingWhy(view, booking_id);
      return why ? { why } : ("unknown" as const);
    }),
});

/** What the page of one member asks beside the machine API's reads. */
export const MEMBER_CALLS: readonly ConsoleCall[] = [history, entryWhy, bookingWhy];
