import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { isOwnLocation, type Asking, type Caller } from "../operations/access/caller.ts";
import { whileAuthorised, type GateAnswer } from "../operations/gate.ts";
import { fieldErrors } from "../operations/validation.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Refusal, Success } from "../rules/reasons.ts";
import type { AskGhl } from "./ask-ghl.ts";
import { answered, sendAnswer } from "./envelope.ts";
import { otherMethods, type Door, type MachineApi } from "./machine-api.ts";

/** What a call with the scope `manage` is answered with by the one who knows. */
export type CallAnswer =
  | Record<string, unknown>
  | ({ refused: Refusal } & Record<string, unknown>)
  | "unknown"
  | "stale_authorisation";

/** A call of the location's own management: a value that says everything about itself once. */
export interface LocationCall<I extends z.ZodObject = z.ZodObject> {
  method: "get" | "post";
  /** As OpenAPI writes it. */
  path: string;
  name: string;
  title: string;
  about: string;
  /** What stands in the path, the query and the body. */
  input: I;
  reason_code: Success;
  /** Codes with which it may say why not, beside NOT_FOUND. */
  refusals?: readonly Refusal[];
  /** What it answers beside the envelope. */
  answer: z.ZodObject;
  example: { request?: Record<string, unknown>; answer: Record<string, unknown> };
  run(api: { db: Database; clock: Clock; ghl: AskGhl }, caller: Caller, input: z.output<I>): Promise<CallAnswer>;
}

/** Its route: authorised as every machine call is, and again while the location keeps changing. */
export function locationCallRoute(app: FastifyInstance, door: Door, route: LocationCall, api: CallPorts): void {
  const url = door.url(route.path);
  app.route({
    method: route.method === "get" ? "GET" : "POST",
    url,
    config: door.needs("manage", route.method !== "get"),
    handler: async (request, reply) =>
      sendAnswer(request, reply, await answer(route, api, door.asking(request), request)),
  });
  otherMethods(app, url, route.method === "get" ? "GET" : "POST");
}

type CallPorts = Pick<MachineApi, "db" | "clock" | "ghl">;

async function answer(
  route: LocationCall,
  api: CallPorts,
  asking: Asking,
  request: FastifyRequest,
): Promise<GateAnswer> {
  const asked = { ...(request.query as object), ...bodyOf(request), ...(request.params as object) };
  const { location_id: named } = asked as { location_id?: unknown };
  const is_foreign = (by: Caller) => typeof named === "string" && !isOwnLocation(by, named.trim());
  const parsed = route.input.safeParse(asked);
  if (!parsed.success && !is_foreign(asking.caller)) return { kind: "invalid", errors: fieldErrors(parsed.error) };

  return whileAuthorised(asking, async (caller) => {
    if (!caller.scopes.has("manage") || is_foreign(caller) || !parsed.success) return "unauthorised";
    const given = await route.run(api, caller, parsed.data);
    return given === "stale_authorisation" ? given : answered(outcomeOf(route.reason_code, given), request.id);
  });
}

/** What is no object has no fields; the missing ones are then named. */
function bodyOf({ body }: FastifyRequest): object {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? body : {};
}

/** What a call answers, as an outcome: `success` where nothing refuses it. */
export function outcomeOf(success: Success, given: Exclude<CallAnswer, "stale_authorisation">): Outcome {
  if (given === "unknown") return { reason_code: "NOT_FOUND" };
  const { refused, ...facts } = given;
  return refused === undefined ? { reason_code: success, ...facts } : { reason_code: refused as Refusal, ...facts };
}
