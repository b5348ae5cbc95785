import type { FastifyInstance } from "fastify";
import type { Asking, Caller } from "../../operations/access/caller.ts";
import { findOpenTo } from "../../operations/access/embed-location.ts";
import { readEmbedToken, type EmbedPass } from "../../operations/access/embed-token.ts";
import type { EmbedPorts } from "../../operations/access/open-embed.ts";
import { locationPublicId } from "../../platform/ids.ts";
import { sendError } from "../envelope.ts";
import { askingOf, fastifyPath, type Door } from "../machine-api.ts";
import type { EmbedApi } from "./embed-api.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether a token of the embed opens this route. */
    embed?: boolean;
  }
}

/** Staff of a location in GoHighLevel, who look and change nothing. */
export const EMBED_DOOR: Door = {
  url: (path) => fastifyPath(`/api/embed${path}`),
  needs: (_scope, changes) => {
    if (changes) throw new Error("the embed changes nothing");
    return { embed: true };
  },
  asking: askingOf,
};

const SCOPES: Caller["scopes"] = new Set(["summary"]);

/** Every route of the embed's API: whose token, not too often, and is the location still theirs to see. */
export function guardEmbed(app: FastifyInstance, api: EmbedApi): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!request.routeOptions.config.embed) return undefined;
    void reply.header("Cache-Control", "no-store");
    const [, token = ""] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const pass = readEmbedToken(api.secrets, api.clock, token);
    if (!pass)
      return sendError(reply, "UNAUTHORIZED", { message: "The token is none of the embed's, or has run out." });
    const allowance = api.visitor_limiter.take(`${pass.location_id} ${pass.user_id}`);
    if (!allowance.is_allowed) return sendError(reply, "RATE_LIMITED", { retry_after: allowance.reset_seconds });
    const asking = await findAsking(api, pass);
    if (!asking)
      return sendError(reply, "UNAUTHORIZED", { message: "The location is not open to this token any more." });
    request.asking = asking;
    return undefined;
  });
}

async function findAsking({ db }: EmbedPorts, pass: EmbedPass): Promise<Asking | null> {
  const again = async (): Promise<Caller | null> => {
    const { location_id, company_id, workspace_id, user_id, user_name } = pass;
    const find = db.transaction("inbox", (tx) => findOpenTo(tx, location_id, company_id), { read_only: true });
    const location = await find;
    if (location?.workspace_id !== workspace_id) return null;
    return {
      actor: { kind: "ghl_user", id: user_id, name: user_name },
      location_id,
      location_public_id: locationPublicId(location_id),
      ghl_location_id: location.ghl_location_id,
      scopes: SCOPES,
      version: location.version,
    };
  };
  const caller = await again();
  return caller && { caller, again };
}
