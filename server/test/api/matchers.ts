import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** HTTP 200 with this reason code, `ok` as its case says, and at least these facts. */
    toAnswer(reason_code: string, facts?: object): R;
    /** A transport error: this status and code in the envelope that every answer has. */
    toFail(status: number, reason_code: string): R;
    /** 400 VALIDATION_ERROR that names exactly these fields, all at once, each in plain words. */
    toBeInvalid(...fields: string[]): R;
  }
}

/** An answer however it was fetched. */
interface Given {
  status: number;
  headers: Headers | Record<string, string | string[] | undefined>;
  text: string;
}

type Verdict = { pass: boolean; message: () => string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What every answer promises, whatever it says. */
function brokenEnvelope({ headers, text }: Given): string | null {
  const header = (name: string) => (headers instanceof Headers ? headers.get(name) : headers[name]);
  if (header("content-type") !== "application/json; charset=utf-8") return "is no JSON";
  const body = JSON.parse(text) as Record<string, unknown>;
  const { ok, reason_code, correlation_id, message } = body;
  if (typeof reason_code !== "string" || reason_code === "") return "has no reason_code";
  if (ok !== (reason_code === reason_code.toLowerCase())) return "says another ok than its reason_code";
  if (typeof correlation_id !== "string" || !UUID.test(correlation_id)) return "has no correlation_id";
  if (header("x-correlation-id") !== correlation_id) return "says another X-Correlation-Id";
  return ok || typeof message === "string" ? null : "has no message";
}

function judge(given: Given | null, wanted: string, isIt: (given: Given) => boolean): Verdict {
  const broken = given && brokenEnvelope(given);
  const pass = given !== null && broken === null && isIt(given);
  const why = broken === null ? "" : `, which ${broken}`;
  const message = () =>
    `expected ${wanted}, not ${given ? `${given.status} ${given.text.slice(0, 2000)}${why}` : "no answer"}`;
  return { pass, message };
}

/** A field and what it must be, in plain words, and nothing else. */
function isPlain(error: { field: string; message: string }): boolean {
  return Object.keys(error).join() === "field,message" && /^(must|is|was) /.test(error.message);
}

function codeOf({ text }: Given): unknown {
  return (JSON.parse(text) as { reason_code?: unknown }).reason_code;
}

expect.extend({
  toAnswer(given: Given | null, reason_code: string, facts: object = {}): Verdict {
    const wanted = `200 ${reason_code} ${JSON.stringify(facts)}`;
    const body = (answer: Given) => JSON.parse(answer.text) as object;
    return judge(given, wanted, (answer) => {
      const is_code = answer.status === 200 && codeOf(answer) === reason_code;
      return is_code && this.equals(body(answer), expect.objectContaining(facts));
    });
  },
  toFail(given: Given | null, status: number, reason_code: string): Verdict {
    return judge(
      given,
      `${status} ${reason_code}`,
      (answer) => answer.status === status && codeOf(answer) === reason_code,
    );
  },
  toBeInvalid(given: Given | null, ...fields: string[]): Verdict {
    return judge(given, `400 VALIDATION_ERROR of ${fields.join(", ")}`, (answer) => {
      if (answer.status !== 400 || codeOf(answer) !== "VALIDATION_ERROR") return false;
      const { errors } = JSON.parse(answer.text) as { errors: { field: string; message: string }[] };
      const named = errors.map(({ field }) => field).sort();
      return isDeepStrictEqual(named, fields.toSorted()) && errors.every(isPlain);
    });
  },
});
