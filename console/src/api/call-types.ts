import type { Call } from "./client.ts";

/** How a call is made. */
export type Method = Call["method"];
type Get<Paths, P extends keyof Paths, M extends Method> =
  Paths[P] extends Record<M, infer Operation> ? Operation : never;
/** The paths that have a call of that method. */
export type PathsWith<Paths, M extends Method> = {
  [P in keyof Paths]: Get<Paths, P, M> extends { responses: unknown } ? P : never;
}[keyof Paths] &
  string;

type Json<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Extract<Body, { ok: true }>
  : never;
type Part<Operation, K extends "path" | "query"> = Operation extends { parameters: infer All }
  ? All extends { [N in K]?: infer Given }
    ? Exclude<Given, undefined>
    : never
  : never;
type BodyOf<Operation> = Operation extends { requestBody: { content: { "application/json": infer Body } } }
  ? Body
  : never;

type PathPart<Operation> = [Part<Operation, "path">] extends [never] ? object : { path: Part<Operation, "path"> };
type QueryPart<Operation> = [Part<Operation, "query">] extends [never] ? object : { query?: Part<Operation, "query"> };

/** What a GET of that path takes. */
export type ParamsOf<Paths, P extends keyof Paths> = PathPart<Get<Paths, P, "get">> & QueryPart<Get<Paths, P, "get">>;
/** What a GET of that path answers when all is well. */
export type AnswerOf<Paths, P extends keyof Paths> = Json<Get<Paths, P, "get">>;
/** What a change of that path takes. */
export type InputOf<Paths, P extends keyof Paths, M extends Method = "post"> = PathPart<Get<Paths, P, M>> &
  ([BodyOf<Get<Paths, P, M>>] extends [never] ? object : { body: BodyOf<Get<Paths, P, M>> });
/** What a change of that path answers when all is well. */
export type DoneOf<Paths, P extends keyof Paths, M extends Method = "post"> = Json<Get<Paths, P, M>>;
