import { z } from "zod";
import { listCalendars } from "../../gateways/ghl/calendars.ts";
import { instant } from "../../platform/sql.ts";
import { addDays, localDate, startOfDay } from "../../rules/time/local-days.ts";
import { contactsAnswer, contactsCursor, searchContacts } from "../../views/contact-search.ts";
import { bookingsAnswer, bookingsCursor, listBookings } from "../../views/location-bookings.ts";
import { viewLocation } from "../../views/location-read.ts";
import { pageFields, pageOf, search } from "../console/list-input.ts";
import { embedCall, type EmbedCall } from "./embed-call.ts";

const contacts = embedCall({
  path: "/contacts",
  title: "Contacts whose name, e-mail, phone or id begins so, each with what they hold",
  shape: "Contacts",
  input: z.object({ search, ...pageFields(contactsCursor) }),
  answer: contactsAnswer,
  run: (api, by, { search: said = null, ...page }) =>
    viewLocation(api, by, ({ tx, location_id, now }) =>
      searchContacts(tx, location_id, { search: said, filters: [], now }, pageOf(contactsCursor, page)),
    ),
});

const today = embedCall({
  path: "/today",
  title: "The bookings of the location's own day, in the order of their times",
  shape: "Today",
  input: z.object(pageFields(bookingsCursor)),
  answer: bookingsAnswer.extend({
    date: z.iso.date().describe("Which day that is, in the location's time zone."),
    now: z.iso.datetime().describe("The location's clock."),
  }),
  run: (api, by, page) =>
    viewLocation(api, by, async ({ tx, location_id, now, timezone }) => {
      const date = localDate(now, timezone);
      const day = { from: startOfDay(date, timezone), to: startOfDay(addDays(date, 1), timezone) };
      const question = { list: "upcoming", ...day, now } as const;
      const found = await listBookings(tx, location_id, question, pageOf(bookingsCursor, page));
      return { ...found, date, now: instant(now) };
    }),
});

const calendars = embedCall({
  path: "/calendars",
  title: "What GoHighLevel calls the location's calendars; none where it does not answer",
  shape: "Calendars",
  input: z.object({}),
  answer: z.object({
    calendars: z.array(z.object({ calendar_id: z.string(), name: z.string().nullable() })),
  }),
  run: async ({ ghl }, { location_id }) => {
    const answer = await ghl.answer(
      location_id,
      "calendars",
      ({ client, ghl_location_id }) => listCalendars(client, ghl_location_id),
      (found) => ({ calendars: found.map(({ calendar_id, name }) => ({ calendar_id, name })) }),
    );
    const named = typeof answer === "object" ? answer["calendars"] : undefined;
    return { calendars: (named as { calendar_id: string; name: string | null }[] | undefined) ?? [] };
  },
});

/** Everything that the embed asks beside the panel of one contact. */
export const EMBED_CALLS: readonly EmbedCall[] = [contacts, today, calendars];
