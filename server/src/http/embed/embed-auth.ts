import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { z } from "zod";
import { openUserContext } from "../../gateways/ghl/user-context.ts";
import { readLaunch } from "../../operations/access/embed-launch.ts";
import { openEmbed, type EmbedRefusal, type EmbedVisitor } from "../../operations/access/open-embed.ts";
import { fieldErrors } from "../../operations/validation.ts";
import { locationPublicId } from "../../platform/ids.ts";
import { instant } from "../../platform/sql.ts";
import { renderOutcome } from "../../rules/outcome.ts";
import { sendBody, sendError } from "../envelope.ts";
import { otherMethods } from "../machine-api.ts";
import type { EmbedApi } from "./embed-api.ts";

const URL_OF_AUTH = "/embed/auth";
const MAX_GIVEN = 8000;

const proof = z.string().min(1).max(MAX_GIVEN);
/** `encryptedData` is what GoHighLevel's own examples call it. */
const input = z
  .object({ payload: proof.optional(), encryptedData: proof.optional() })
  .refine((given) => given.payload !== undefined || given.encryptedData !== undefined, {
    path: ["payload"],
    message: "is required: what GoHighLevel answered to REQUEST_USER_DATA",
  });

const REFUSED =
  "This was not accepted. Open the page again from GoHighLevel, in a location that Kotally is installed in.";

/**
 * Exchanges what GoHighLevel says of its user for a token of ours. Whatever is wrong with it, the answer is one and the same. Whoever
 * opens the address gets the page, which does that.
 */
export function embedAuthRoute(app: FastifyInstance, api: EmbedApi, sendPage: RouteHandlerMethod): void {
  app.get(URL_OF_AUTH, sendPage);
  app.post(URL_OF_AUTH, async (request, reply) => {
    void reply.header("Cache-Control", "no-store");
    const allowance = api.door_limiter.take(request.ip);
    if (!allowance.is_allowed) return sendError(reply, "RATE_LIMITED", { retry_after: allowance.reset_seconds });
    const given = input.safeParse(request.body);
    if (!given.success) return sendError(reply, "VALIDATION_ERROR", { errors: fieldErrors(given.error) });
    return letIn(api, given.data.payload ?? given.data.encryptedData ?? "", request, reply);
  });
  otherMethods(app, URL_OF_AUTH, "GET", "POST");
}

/** What whoever is let in gets, beside the envelope. */
export const openedAnswer = z.object({
  token: z.string().describe("For the Authorization header, as a bearer's."),
  expires_at: z.iso.datetime().describe("From then on it opens nothing."),
  user: z.object({ name: z.string().nullable(), role: z.enum(["admin", "user"]) }),
  location: z.object({
    location_id: z.string().describe("loc_…"),
    name: z.string(),
    timezone: z.string(),
    currency: z.string(),
    sandbox: z.boolean(),
    now: z.iso.datetime().describe("The location's clock."),
  }),
});

async function letIn(api: EmbedApi, given: string, request: FastifyRequest, reply: FastifyReply) {
  const visitor = readVisitor(api, given);
  if (typeof visitor === "string") return refuse(visitor, request, reply);
  const opened = await openEmbed(api, { ...visitor, ip: request.ip });
  if (typeof opened === "string") return refuse(opened, request, reply);
  const { name, timezone, currency, sandbox, clock_offset_ms, location_id } = opened.location;
  const answer: z.output<typeof openedAnswer> = {
    token: opened.token,
    expires_at: instant(opened.expires_at),
    user: { name: visitor.user_name, role: visitor.role },
    location: {
      location_id: locationPublicId(location_id),
      name,
      timezone,
      currency,
      sandbox,
      now: instant(api.clock.now() + clock_offset_ms),
    },
  };
  const body = JSON.stringify(renderOutcome({ reason_code: "embed_opened", ...answer }, request.id));
  return sendBody(reply, body, request.id, "embed_opened");
}

function refuse(why: Unreadable, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.info({ correlation_id: request.id, why }, "nobody was let into the embed");
  return sendError(reply, "UNAUTHORIZED", { message: REFUSED });
}

type Unreadable = EmbedRefusal | "unreadable" | "no_location" | "GHL_SHARED_SECRET is not set";

function readVisitor(
  { secrets, clock, shared_secret }: EmbedApi,
  given: string,
): Omit<EmbedVisitor, "ip"> | Unreadable {
  if (given.includes(".")) return readLaunch(secrets, clock, given) ?? "unreadable";
  if (shared_secret === null) return "GHL_SHARED_SECRET is not set";
  const opened = openUserContext(given, shared_secret);
  if (!opened) return "unreadable";
  const { ghl_location_id, type: _, ...who } = opened.context;
  if (ghl_location_id === null) return "no_location";
  // The salt, not the text: who changes a text that was used keeps its salt, or has nothing that opens.
  return { ...who, location: { ghl_location_id }, fingerprint: opened.salt };
}
