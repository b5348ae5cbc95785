import { signInErrorTexts } from "../texts/sign-in.ts";
import { ApiError, UNREACHABLE, type Envelope } from "./api-error.ts";

/** What the sign-in door answers when it says no: its own code. */
interface AuthNo {
  code?: string;
  message?: string;
  reason_code?: string;
}

/** Where a wrong value stands, by what was wrong with it. */
const FIELDS: Partial<Record<string, string>> = {
  INVALID_EMAIL: "email",
  PASSWORD_TOO_SHORT: "password",
  PASSWORD_TOO_LONG: "password",
  INVALID_PASSWORD: "password",
  INVALID_CODE: "code",
  INVALID_BACKUP_CODE: "code",
};

/** Asks the sign-in door, `/api/auth`; its no comes as every other, an ApiError with the error beside its field. */
export async function askAuth<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`/api/auth${path}`, {
    method: body ? "POST" : "GET",
    headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError({}, UNREACHABLE);
  });
  const answer = (await response.json().catch(() => null)) as unknown;
  if (response.ok) return answer as Answer;
  // What never reached the library is refused as everywhere else.
  const { reason_code, code = "INTERNAL_ERROR", message } = (answer ?? {}) as AuthNo;
  throw reason_code === undefined ? authError(code, message) : new ApiError(answer as Partial<Envelope>, reason_code);
}

/** A no of the sign-in door, in our words where it has some. */
export function authError(code: string, message?: string): ApiError {
  const said = (signInErrorTexts as Record<string, string | undefined>)[code] ?? message;
  const field = FIELDS[code];
  return new ApiError(
    {
      reason_code: code,
      ...(said !== undefined && { message: said }),
      ...(field !== undefined && said !== undefined && { errors: [{ field, message: said }] }),
    },
    code,
  );
}
