import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { isOwnLocation, type Asking, type Caller } from "../operations/access/caller.ts";
import { locationField, text } from "../operations/fields.ts";
import { whileAuthorised, type GateAnswer } from "../operations/gate.ts";
import { fieldErrors, type FieldError } from "../operations/validation.ts";
import type { ContactRead } from "../views/contact-read.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT, type Page } from "../views/page.ts";
import { answered, sendAnswer } from "./envelope.ts";
import { outcomeOf } from "./location-call.ts";
import { otherMethods, type Door } from "./machine-api.ts";
import { readMember, type ReadPorts } from "./read-member.ts";

/** What every read of a contact is asked with. */
export const contactQuery = z.object({
  id: text.describe("The external (GoHighLevel) contact id; the contact's own id works too."),
  ...locationField,
});

/** What a list is asked with. */
export const listQuery = contactQuery.extend({
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("Items on the page."),
  cursor: z.string().optional().describe("next_cursor of the page before; omitted: the beginning."),
});

/** The route of a question about one contact: everything else about it the question says itself. */
export function contactReadRoute(
  app: FastifyInstance,
  door: Door,
  path: string,
  read: ContactRead,
  api: ReadPorts,
): void {
  const url = door.url(path);
  app.get(url, { config: door.needs("summary", false) }, async (request, reply) => {
    const answer = await answerRead(read, api, {
      asking: door.asking(request),
      correlation_id: request.id,
      asked: { ...(request.query as object), ...(request.params as object) },
    });
    return sendAnswer(request, reply, answer);
  });
  otherMethods(app, url, "GET");
}

interface ReadRequest {
  asking: Asking;
  correlation_id: string;
  asked: { location_id?: unknown; limit?: unknown };
}

async function answerRead(read: ContactRead, api: ReadPorts, request: ReadRequest): Promise<GateAnswer> {
  const { asking } = request;
  const { location_id: named } = request.asked;
  const is_foreign = (by: Caller) => typeof named === "string" && !isOwnLocation(by, named.trim());
  if (is_foreign(asking.caller)) return { kind: "unauthorized", message: "location_id is not the token's location" };
  const parsed = parseAsked(read, request.asked);
  if ("errors" in parsed) return { kind: "invalid", errors: parsed.errors };

  return whileAuthorised(asking, async (caller) => {
    if (!caller.scopes.has("summary") || is_foreign(caller)) return "unauthorised";
    const found = await readMember(api, caller, parsed.id, (view) => read.read(view, parsed.page));
    return found === "stale_authorisation"
      ? found
      : answered(outcomeOf(read.reason_code, found), request.correlation_id);
  });
}

/** All that is wrong with a request, all fields at once. */
function parseAsked(
  read: ContactRead,
  asked: ReadRequest["asked"],
): { id: string; page: Page<unknown> } | { errors: FieldError[] } {
  if (!read.cursor) {
    const parsed = contactQuery.safeParse(asked);
    if (!parsed.success) return { errors: fieldErrors(parsed.error) };
    return { id: parsed.data.id, page: { limit: DEFAULT_LIMIT, cursor: null } };
  }
  const parsed = listQuery.safeParse({ ...asked, limit: asNumber(asked.limit) });
  const text_of_cursor = (asked as { cursor?: unknown }).cursor;
  const cursor = typeof text_of_cursor === "string" ? decodeCursor(read.cursor, text_of_cursor) : null;
  const is_garbage = typeof text_of_cursor === "string" && cursor === null;
  const garbage = { field: "cursor", message: "is not a next_cursor of this list" };
  if (!parsed.success) return { errors: [...fieldErrors(parsed.error), ...(is_garbage ? [garbage] : [])] };
  if (is_garbage) return { errors: [garbage] };
  return { id: parsed.data.id, page: { limit: parsed.data.limit, cursor } };
}

/** Everything in a query is text; what does not look like a whole number is left to be refused as it is. */
function asNumber(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
}
