import { DETAILS, REFUSALS, TRANSPORT_ERRORS, type Detail } from "../../../server/src/rules/reasons.ts";
import { errorTexts } from "../texts/errors.ts";

/** A field that was wrong, as the server names it. */
export interface FieldError {
  field: string;
  message: string;
}

/** What every answer bears that is not what was asked for. */
export interface Envelope {
  ok: boolean;
  reason_code: string;
  correlation_id: string;
  message?: string;
  detail?: string | null;
  errors?: FieldError[];
}

/** An answer with `ok: false`, or none at all: then its code is one of ours. */
export class ApiError extends Error {
  readonly reason_code: string;
  readonly correlation_id: string | null;
  readonly detail: string | null;
  readonly errors: readonly FieldError[];
  /** The whole body, for a refusal that bears facts. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(body: Partial<Envelope>, code: string) {
    super(sentenceOf(body.reason_code ?? code, body.detail ?? null, body.message));
    this.reason_code = body.reason_code ?? code;
    this.correlation_id = body.correlation_id ?? null;
    this.detail = body.detail ?? null;
    this.errors = body.errors ?? [];
    this.body = { ...body };
  }
}

/** No answer came: the network is away, or the server is. */
export const UNREACHABLE = "UNREACHABLE";

/** A code in words: ours where it has some, else the rules' own, else what the server said. */
function sentenceOf(code: string, detail: string | null, message: string | undefined): string {
  const ours: Record<string, string | undefined> = errorTexts.codes;
  const finer = detail !== null && detail in DETAILS ? DETAILS[detail as Detail].meaning : null;
  const rules: Record<string, { meaning: string } | undefined> = { ...REFUSALS, ...TRANSPORT_ERRORS };
  const meaning = ours[code] ?? message ?? rules[code]?.meaning ?? errorTexts.unknown;
  return finer === null ? meaning : `${meaning} ${finer}`;
}

/** What was thrown, as something that can be shown. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError({}, UNREACHABLE);
}
