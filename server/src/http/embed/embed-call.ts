import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Caller } from "../../operations/access/caller.ts";
import { fieldErrors } from "../../operations/validation.ts";
import { renderOutcome } from "../../rules/outcome.ts";
import { sendAnswer, sendBody } from "../envelope.ts";
import { askingOf, MAX_AUTHORISATIONS, otherMethods } from "../machine-api.ts";
import type { EmbedApi } from "./embed-api.ts";

/** A question that only the embed asks: a value that says everything about itself once. */
export interface EmbedCall<I extends z.ZodObject = z.ZodObject, A extends z.ZodObject = z.ZodObject> {
  /** Below /api/embed. */
  path: string;
  title: string;
  /** What its answer is called where types are made of it. */
  shape: string;
  /** What stands in the query. */
  input: I;
  /** What it answers beside the envelope. */
  answer: A;
  run(api: EmbedApi, by: Caller, input: z.output<I>): Promise<z.output<A> | "stale_authorisation">;
}

/** Keeps the types of what stands in a list of many. */
export function embedCall<I extends z.ZodObject, A extends z.ZodObject>(call: EmbedCall<I, A>): EmbedCall {
  return call;
}

/** Its route: of the token's own location, and asked again while that keeps changing. */
export function embedCallRoute(app: FastifyInstance, call: EmbedCall, api: EmbedApi): void {
  const url = `/api/embed${call.path}`;
  app.get(url, { config: { embed: true } }, async (request, reply) => {
    const parsed = call.input.safeParse(request.query);
    if (!parsed.success) {
      return sendAnswer(request, reply, { kind: "invalid", errors: fieldErrors(parsed.error) });
    }
    const facts = await ask(call, api, request, parsed.data);
    if (typeof facts === "string") return sendAnswer(request, reply, { kind: facts });
    const body = renderOutcome({ reason_code: "loaded", ...facts }, request.id);
    return sendBody(reply, JSON.stringify(body), request.id, "loaded");
  });
  otherMethods(app, url, "GET");
}

async function ask(
  call: EmbedCall,
  api: EmbedApi,
  request: FastifyRequest,
  input: Record<string, unknown>,
): Promise<Record<string, unknown> | "unavailable"> {
  const asking = askingOf(request);
  let caller: Caller | null = asking.caller;
  for (let i = 0; caller !== null && i < MAX_AUTHORISATIONS; i += 1) {
    const facts = await call.run(api, caller, input);
    if (facts !== "stale_authorisation") return facts;
    caller = await asking.again();
  }
  return "unavailable";
}
