import pg from "pg";
import { pino, type Logger } from "pino";
import { placesOf, reasonOf } from "./redact.ts";

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

/** An error without the rows and parameters that PostgreSQL repeats in its message and details. */
function describeError(error: unknown): Record<string, unknown> {
  const message = reasonOf(error);
  if (!(error instanceof Error)) return { message };
  const { stack = "", cause } = error;
  const frames = stack.search(/\n {4}at /);
  return {
    type: error.constructor.name,
    message,
    // The first lines repeat the message, whole.
    stack: frames < 0 ? "" : stack.slice(frames + 1),
    ...(error instanceof pg.DatabaseError ? placesOf(error) : {}),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}
