/** What a command answers: one JSON document with `--json`, else lines for a person. */
export interface CommandResult {
  document: unknown;
  lines: string[];
  /** 1 where what was found is not as it should be. */
  exit_code?: 0 | 1;
}

/** The message is one sentence for a person; no stack is shown. */
export class CommandError extends Error {}
