import type { FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "./envelope.ts";

/** Refuses a change that was not asked for from a page of ours, in JSON, which no page elsewhere can send; answers whether it did. */
export function refuseForeign(request: FastifyRequest, reply: FastifyReply, origin: string): boolean {
  if (request.method === "GET") return false;
  if (!isOwnPage(request, origin)) {
    sendError(reply, "FORBIDDEN", { message: `Changes are made from the console's own pages, at ${origin}.` });
    return true;
  }
  if (isJson(request)) return false;
  sendError(reply, "UNSUPPORTED_MEDIA_TYPE");
  return true;
}

/** A browser says where a request comes from; a page elsewhere cannot say otherwise. */
function isOwnPage({ headers }: FastifyRequest, origin: string): boolean {
  return headers.origin === origin && isOwnSite(headers["sec-fetch-site"]);
}

/** What an address was opened from: one of our own pages, or something that does not say, which is no browser of these years. */
export function isOwnSite(site: string | string[] | undefined): boolean {
  return site === undefined || site === "same-origin";
}

function isJson({ headers }: FastifyRequest): boolean {
  return /^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "");
}
