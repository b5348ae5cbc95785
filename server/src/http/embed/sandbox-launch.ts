import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { launchedPage, launchEmbed } from "../../operations/access/embed-launch.ts";
import { text } from "../../operations/fields.ts";
import { fieldErrors } from "../../operations/validation.ts";
import { otherMethods } from "../machine-api.ts";
import { sendPage } from "../plain-page.ts";
import type { EmbedApi } from "./embed-api.ts";

const LAUNCHER = "/embed/sandbox-launch";

const input = z.object({
  token: z.string().min(1).max(1000),
  location_id: text,
  user_id: text,
  agency_id: text,
  /** Opens the panel of that contact in place of the dashboard. */
  contact_id: text.optional(),
});

/** Opens the embed in a sandbox as GoHighLevel would, for somebody made up (clarification 39). */
export function sandboxLaunchRoute(app: FastifyInstance, api: EmbedApi): void {
  app.get(LAUNCHER, (request, reply) => launch(api, request, reply.header("Cache-Control", "no-store")));
  otherMethods(app, LAUNCHER, "GET");
}

async function launch(api: EmbedApi, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (api.launch_token === null) {
    return sendPage(reply, 404, "There is no launcher here", "The server needs GHL_SANDBOX_LAUNCH_TOKEN.");
  }
  const allowance = api.door_limiter.take(request.ip);
  if (!allowance.is_allowed) {
    void reply.header("Retry-After", String(allowance.reset_seconds));
    return sendPage(reply, 429, "That was too often", "Wait a few seconds, then try again.");
  }
  const given = input.safeParse(request.query);
  if (!given.success) {
    const wrong = fieldErrors(given.error).map(({ field, message }) => `${field} ${message}`);
    return sendPage(reply, 400, "Something is missing", `In the address: ${wrong.join("; ")}.`);
  }
  const { token, location_id, user_id, agency_id, contact_id } = given.data;
  if (!isSame(token, api.launch_token)) {
    return sendPage(
      reply,
      401,
      "Not the right token",
      "It is the one that the server has as GHL_SANDBOX_LAUNCH_TOKEN.",
    );
  }
  const launched = await launchEmbed(api, { location: location_id, user_id, company_id: agency_id, ip: request.ip });
  if (!launched) {
    return sendPage(
      reply,
      403,
      "Nothing to launch",
      "There is no sandbox with this location_id that this agency_id may open.",
    );
  }
  request.outcome = "launched";
  return reply.redirect(launchedPage(launched.location, launched.text, contact_id), 302);
}

function isSame(given: string, wanted: string): boolean {
  const hash = (secret: string) => createHash("sha256").update(secret).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
