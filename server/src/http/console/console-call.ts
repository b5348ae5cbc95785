import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { changeAs, type Change } from "../../operations/access/change-as.ts";
import type { LocationMember, Member, Person, Role } from "../../operations/access/person.ts";
import { whileAuthorised, type GateAnswer } from "../../operations/gate.ts";
import { fieldErrors, InputError } from "../../operations/validation.ts";
import type { Transaction } from "../../platform/database.ts";
import type { Refusal } from "../../rules/reasons.ts";
import { answered, sendAnswer } from "../envelope.ts";
import { outcomeOf, type CallAnswer } from "../location-call.ts";
import { fastifyPath, otherMethods } from "../machine-api.ts";
import type { ConsoleApi } from "./console-api.ts";
import {
  consoleNeeds,
  locationMemberOf,
  personOf,
  REALM_PATHS,
  workspaceMemberOf,
  type Realm,
} from "./console-door.ts";

/** Who asks in each realm. */
interface Askers {
  anyone: { ip: string };
  person: Person;
  workspace: Member;
  location: LocationMember;
}

/** A call that only the console has: a value that says everything about itself once. */
export interface ConsoleCall<R extends Realm = Realm, I extends z.ZodObject = z.ZodObject> {
  realm: R;
  method: "get" | "post" | "patch" | "put" | "delete";
  /** Below the realm's own path, as OpenAPI writes it. */
  path: string;
  /** Also the action in the audit trail. */
  name: string;
  title: string;
  about: string;
  /** What it takes in the workspace; for a call of no workspace it says nothing. */
  role: Role;
  /** What stands in the path, the query and the body; the realm's own id is left out. */
  input: I;
  /** Codes with which it may say why not, beside NOT_FOUND. */
  refusals?: readonly Refusal[];
  /** What it answers beside the envelope. */
  answer: z.ZodObject;
  /** True for what is asked with a body and changes nothing. */
  asks?: true;
  /** True where its operation writes its own line in the audit trail. */
  audits_itself?: true;
  /** Reads answer `loaded`, everything else `saved`. */
  run(context: CallContext, by: Askers[R], input: z.output<I>): Promise<CallAnswer>;
}

/** What a call works with. */
export interface CallContext extends ConsoleApi {
  correlation_id: string;
  /**
   * The one way to change something of a workspace or location: in one transaction, with its line in the audit trail. A call that
   * is no read and answers well without it is a bug, unless its realm is no workspace's.
   */
  change<T>(by: Member, work: (tx: Transaction) => Promise<Change<T>>): Promise<T>;
  /** The same of something that may not be there: null is answered as unknown. */
  edit<T extends object>(by: Member, work: (tx: Transaction) => Promise<Change<T> | null>): Promise<T | "unknown">;
}

/** Keeps the types of what stands in a list of many. */
export function consoleCall<R extends Realm, I extends z.ZodObject>(call: ConsoleCall<R, I>): ConsoleCall {
  return call;
}

/** The address of a call as OpenAPI writes it. */
function pathOf({ realm, path }: Pick<ConsoleCall, "realm" | "path">): string {
  return REALM_PATHS[realm] + path;
}

export function consoleCallRoute(app: FastifyInstance, call: ConsoleCall, api: ConsoleApi): void {
  app.route({
    method: call.method.toUpperCase(),
    url: fastifyPath(pathOf(call)),
    config: consoleNeeds(call.realm, call.role),
    handler: async (request, reply) => {
      const parsed = call.input.safeParse(inputOf(request));
      if (!parsed.success) {
        return sendAnswer(request, reply, { kind: "invalid", errors: fieldErrors(parsed.error) });
      }
      const answer = await runCall(call, api, request, parsed.data).catch((error: unknown) => {
        if (error instanceof InputError) return { kind: "invalid" as const, errors: error.errors };
        throw error;
      });
      // Whoever may not ask any more is told so by the guard, when they ask again.
      return sendAnswer(request, reply, answer.kind === "unauthorized" ? { kind: "unavailable" } : answer);
    },
  });
}

/** Paths that exist answer 405 to the methods they do not have. */
export function otherConsoleMethods(app: FastifyInstance, calls: readonly ConsoleCall[]): void {
  const methods = Map.groupBy(calls, (call) => fastifyPath(pathOf(call)));
  for (const [url, of_url] of methods) otherMethods(app, url, ...of_url.map(({ method }) => method.toUpperCase()));
}

/** The path wins, and names the tenant, which the guard knows already. */
function inputOf({ query, body, params }: FastifyRequest): object {
  const { workspace_id: _, location_id: __, ...named } = params as Record<string, string>;
  const is_object = typeof body === "object" && body !== null && !Array.isArray(body);
  return { ...(query as object), ...(is_object ? body : {}), ...named };
}

const UNKNOWN = { answer: "unknown" as const, audit: null };

/** Again while the location keeps changing. */
function runCall(
  call: ConsoleCall,
  api: ConsoleApi,
  request: FastifyRequest,
  input: Record<string, unknown>,
): Promise<GateAnswer> {
  const asking = {
    caller: askerOf(call.realm, request),
    again: async () => ((await request.asking?.again()) ?? null) as LocationMember | null,
  };
  return whileAuthorised(asking, async (by) => {
    let is_told = false;
    const change = async <T>(member: Member, work: (tx: Transaction) => Promise<Change<T>>) => {
      is_told = true;
      const { answer } = await changeAs(api.db, member, { action: call.name, correlation_id: request.id }, work);
      return answer;
    };
    const context: CallContext = {
      ...api,
      correlation_id: request.id,
      change,
      edit: <T extends object>(member: Member, work: (tx: Transaction) => Promise<Change<T> | null>) =>
        change<T | "unknown">(member, async (tx) => (await work(tx)) ?? UNKNOWN),
    };
    const given = await call.run(context, by, input);
    if (given === "stale_authorisation") return given;
    const outcome = outcomeOf(isChange(call) ? "saved" : "loaded", given);
    const is_change =
      isChange(call) && !call.audits_itself && (call.realm === "workspace" || call.realm === "location");
    if (is_change && !is_told && outcome.reason_code === "saved") {
      throw new Error(`${call.name} changes something without a line in the audit trail`);
    }
    return answered(outcome, request.id);
  });
}

function askerOf(realm: Realm, request: FastifyRequest): Askers[Realm] {
  if (realm === "anyone") return { ip: request.ip };
  if (realm === "person") return personOf(request);
  return realm === "workspace" ? workspaceMemberOf(request) : locationMemberOf(request);
}

function isChange({ method, asks }: ConsoleCall): boolean {
  return method !== "get" && asks !== true;
}
