import createClient from "openapi-fetch";
import { ApiError, UNREACHABLE, type Envelope } from "./api-error.ts";
import { sessionLost } from "./session-state.ts";

/** Everything the console asks stands below this address. */
const DOOR = "/api/console";

export interface Call {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As the contract writes it: `/contacts/{id}/summary`. */
  path: string;
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
  body?: unknown;
  signal?: AbortSignal;
}

interface AnyPaths {
  [path: string]: Record<
    Call["method"],
    { parameters: object; requestBody?: object; responses: { 200: { content: { "application/json": Envelope } } } }
  >;
}

const client = createClient<AnyPaths>({ baseUrl: DOOR, headers: { Accept: "application/json" } });

/** Asks and answers with the body; whatever is not `ok` is thrown as an ApiError. */
export async function ask(base: string, { method, path, params = {}, body, signal }: Call): Promise<Envelope> {
  const { data, error } = await client
    .request(method, `${base}${path}`, {
      params: { path: params.path ?? {}, query: withoutEmpty(params.query) },
      // The door takes nothing that is no JSON: what says nothing more is an empty object.
      ...(method !== "get" && { body: (body ?? {}) as never }),
      ...(signal && { signal }),
    })
    .catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
      throw new ApiError({}, UNREACHABLE);
    });
  const answer = (data ?? error) as Envelope | undefined;
  if (answer?.ok) return answer;
  const failure = new ApiError(typeof answer === "object" ? answer : {}, "INTERNAL_ERROR");
  if (failure.reason_code === "UNAUTHORIZED") sessionLost();
  throw failure;
}

/** A filter that is not set is not sent. */
function withoutEmpty(query: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
}
