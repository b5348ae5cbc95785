import { pino, type Logger } from "pino";
import { redact } from "./redact.ts";

export type { Logger };

const REDACTED = ["authorization", "token", "password", "secret", "email", "name"];

/** JSON lines, readable on a terminal; what could carry a secret or personal data is cut out. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`]) },
    // A transport writes from another thread, which takes no functions.
    ...(process.stdout.isTTY
      ? { transport: { target: "pino-pretty", options: { ignore: "pid,hostname" } } }
      : { formatters: { level: (label: string) => ({ level: label }) } }),
  });
}

/** What PostgreSQL says beside its message about where something failed. */
const PLACES = ["code", "severity", "schema", "table", "column", "constraint", "routine"] as const;

/** An error without the rows and parameters that PostgreSQL repeats in its details. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: redact(String(error)) };
  const { message, stack = "", cause } = error;
  const told = error as Error & Partial<Record<(typeof PLACES)[number], unknown>>;
  const frames = stack.search(/\n {4}at /);
  return {
    type: error.constructor.name,
    message: redact(message),
    // The first lines repeat the message, whole.
    stack: frames < 0 ? "" : stack.slice(frames + 1),
    ...Object.fromEntries<unknown>(PLACES.filter((place) => told[place]).map((place) => [place, told[place]])),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}
