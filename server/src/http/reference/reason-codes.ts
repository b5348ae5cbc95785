import type { z } from "zod";
import { DETAILS, REFUSALS, SUCCESSES, TRANSPORT_ERRORS } from "../../rules/reasons.ts";
import { outcomesOf, type OpenApiDocument, type Operation } from "./document.ts";
import type { reasonCodeShape } from "./schemas.ts";

export type ReasonCode = z.output<typeof reasonCodeShape>;

/** Every code: what it means, what to do, and the calls that may answer it. */
export function listReasonCodes(document: OpenApiDocument): ReasonCode[] {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ call: `${method.toUpperCase()} ${path}`, operation })),
  );
  const usedIn = (answers: (operation: Operation) => boolean) =>
    calls.filter(({ operation }) => answers(operation)).map(({ call }) => call);
  const outcome = (code: string) =>
    usedIn((operation) => outcomesOf(document, operation).some((found) => found.code === code));
  const detail = (code: string) =>
    usedIn((operation) =>
      outcomesOf(document, operation).some(({ schema }) => JSON.stringify(schema).includes(`"${code}"`)),
    );
  const status = (code: string) =>
    usedIn((operation) =>
      Object.values(operation.responses).some((found) => "$ref" in found && found.$ref.endsWith(`/${code}`)),
    );
  const list: ReasonCode[] = [];
  for (const [code, { meaning, remedy }] of Object.entries(SUCCESSES)) {
    list.push({ code, kind: "success", ok: true, http_status: 200, meaning, remedy, used_in: outcome(code) });
  }
  for (const [code, { meaning, remedy }] of Object.entries(REFUSALS)) {
    list.push({ code, kind: "refusal", ok: false, http_status: 200, meaning, remedy, used_in: outcome(code) });
  }
  for (const [code, { meaning, remedy }] of Object.entries(DETAILS)) {
    list.push({ code, kind: "detail", ok: false, http_status: 200, meaning, remedy, used_in: detail(code) });
  }
  for (const [code, { status: http_status, meaning, remedy }] of Object.entries(TRANSPORT_ERRORS)) {
    list.push({ code, kind: "transport", ok: false, http_status, meaning, remedy, used_in: status(code) });
  }
  return list;
}
