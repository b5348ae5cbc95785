import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { storable } from "../platform/storable.ts";
import { refuse } from "./answer.ts";

/** Bytes of a delivery at most; no provider sends as many. */
const MAX_DELIVERY = 1024 * 1024;
/** Characters of one header that are kept. */
const MAX_HEADER = 1000;
/** What is kept of the headers: nothing that authorises, nothing personal. */
const KEPT_HEADERS = [
  "content-type",
  "content-length",
  "user-agent",
  "x-ghl-signature",
  "x-wh-signature",
  "stripe-signature",
];

export type Receive = (request: FastifyRequest, reply: FastifyReply, body: Buffer) => Promise<FastifyReply>;

/**
 * A route that reads the bytes as they came, whatever they say they are: a signature is over bytes. Without the header that
 * carries the signature the body is not even read.
 */
export function rawRoute(app: FastifyInstance, url: string, signature_header: string, receive: Receive): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    scope.route({
      method: "POST",
      url,
      bodyLimit: MAX_DELIVERY,
      onRequest: (request, reply, next) => {
        const { headers } = request;
        if (typeof headers[signature_header] !== "string") return void refuse(reply, "INVALID_SIGNATURE");
        // A content type that cannot be read must not keep signed bytes out.
        headers["content-type"] = "application/octet-stream";
        next();
      },
      handler: (request, reply) => receive(request, reply, bodyOf(request)),
    });
    const others = scope.supportedMethods.filter((method) => method !== "POST");
    const refuseMethod = (_: FastifyRequest, reply: FastifyReply) =>
      refuse(reply.header("Allow", "POST"), "METHOD_NOT_ALLOWED");
    scope.route({
      method: others,
      url,
      onRequest: async (request, reply) => refuseMethod(request, reply),
      handler: refuseMethod,
    });
    done();
  });
}

function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** The headers that are kept with a delivery, cut to what the database takes. */
export function keptHeaders({ headers, raw }: FastifyRequest): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    // The parsed content type was overwritten above; the raw one is what came.
    const value = name === "content-type" ? rawHeader(raw.rawHeaders, name) : headers[name];
    if (typeof value === "string") kept[name] = storable(value, MAX_HEADER);
  }
  return kept;
}

function rawHeader(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at === -1 ? undefined : headers[at + 1];
}
