import { pino, type Logger } from "pino";

export type { Logger };

const REDACTED = ["authorization", "token", "password", "secret", "email", "name"];

/** JSON lines, readable on a terminal; what could carry a secret or personal data is cut out. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`]) },
    // A transport writes from another thread, which takes no functions.
    ...(process.stdout.isTTY
      ? { transport: { target: "pino-pretty", options: { ignore: "pid,hostname" } } }
      : { formatters: { level: (label: string) => ({ level: label }) } }),
  });
}
