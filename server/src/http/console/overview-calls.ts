import { z } from "zod";
import { keepVerification } from "../../operations/credits/keep-verification.ts";
import { text } from "../../operations/fields.ts";
import {
  clientRequestsAnswer,
  findClientRequests,
  findRemembered,
  rememberedAnswer,
} from "../../views/client-requests.ts";
import { findGettingStarted, gettingStartedAnswer } from "../../views/getting-started.ts";
import { viewLocation } from "../../views/location-read.ts";
import { findOverview, overviewAnswer } from "../../views/overview.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const overview = consoleCall({
  realm: "location",
  method: "get",
  path: "/overview",
  name: "overview",
  title: "Overview of a location",
  about:
    "What waits for a person, today's bookings, outstanding credits and why, what expires, members by state, and whether everything runs.",
  role: "viewer",
  input: z.object({}),
  answer: overviewAnswer,
  run: (context, by) => viewLocation(context, by, findOverview),
});

const gettingStarted = consoleCall({
  realm: "location",
  method: "get",
  path: "/getting-started",
  name: "getting_started",
  title: "How far a location has come",
  about: "Every step from nothing to live, each with the fact by which it is known.",
  role: "viewer",
  input: z.object({}),
  answer: gettingStartedAnswer,
  run: (context, by) => viewLocation(context, by, findGettingStarted),
});

const clientRequests = consoleCall({
  realm: "location",
  method: "get",
  path: "/api-clients/{client_id}/requests",
  name: "client_requests",
  title: "What an API client asked",
  about: "Its latest requests with what each was answered, and how often its rate limit refused it, day by day.",
  role: "viewer",
  input: z.object({ client_id: z.guid().describe("The API client's own id.") }),
  answer: clientRequestsAnswer,
  run: (context, by, { client_id }) =>
    viewLocation(
      context,
      by,
      async ({ tx, location_id }) => (await findClientRequests(tx, location_id, client_id)) ?? ("unknown" as const),
    ),
});

const remembered = consoleCall({
  realm: "location",
  method: "get",
  path: "/requests/{request_id}",
  name: "remembered_request",
  title: "What a request was answered",
  about: "The answer that is remembered under a request id; of a refusal, which entitlements would not do and why.",
  role: "viewer",
  input: z.object({ request_id: text }),
  answer: rememberedAnswer,
  run: (context, by, { request_id }) =>
    viewLocation(
      context,
      by,
      async ({ tx, location_id }) => (await findRemembered(tx, location_id, request_id)) ?? ("unknown" as const),
    ),
});

const verifyAnswer = z.object({
  verified: z.object({
    is_clean: z.boolean().describe("Every balance, invariant and hash chain is as it must be."),
    contacts: z.int(),
    entries: z.int(),
    broken: z.record(z.string(), z.int()).describe("How many are off, by invariant."),
  }),
});

const verify = consoleCall({
  realm: "location",
  method: "post",
  path: "/verify",
  name: "verify_books",
  title: "Verify the books",
  about: "Recomputes every balance, invariant and hash chain of the location from its entries; changes none of them.",
  role: "admin",
  input: z.object({}),
  answer: verifyAnswer,
  run: async ({ db, clock, change }, by) => {
    const { location_id } = by;
    const { broken, contacts, entries } = await keepVerification(db, clock, { location_id });
    const verified = { is_clean: Object.keys(broken).length === 0, contacts, entries, broken };
    const audit = { subject: "ledger", before: null, after: verified };
    return change(by, () => Promise.resolve({ answer: { verified }, audit }));
  },
});

/** How a location stands, and what its API clients ask. */
export const OVERVIEW_CALLS: readonly ConsoleCall[] = [overview, gettingStarted, clientRequests, remembered, verify];
