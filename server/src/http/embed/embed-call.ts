import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import type { Caller } from "../../operations/access/caller.ts";
import { whileAuthorised } from "../../operations/gate.ts";
import { fieldErrors } from "../../operations/validation.ts";
import { answered, sendAnswer } from "../envelope.ts";
import { askingOf, otherMethods } from "../machine-api.ts";
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
    const answer = await whileAuthorised(askingOf(request), async (caller) => {
      const facts = await call.run(api, caller, parsed.data);
      return facts === "stale_authorisation" ? facts : answered({ reason_code: "loaded", ...facts }, request.id);
    });
    return sendAnswer(request, reply, answer);
  });
  otherMethods(app, url, "GET");
}
