import { GhlError, type GhlFailure } from "./ghl-error.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeout_ms: number;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  /** The parsed body; null where it is not JSON. */
  body: unknown;
}

/** No list page of GoHighLevel comes near; more is not read. */
const MAX_ANSWER_BYTES = 20_000_000;
const MAX_MESSAGE_LENGTH = 300;

/** One request, one answer, whatever its status. Throws `GhlError` `unavailable` where none comes in time. */
export async function sendRequest({ method, url, headers, body, timeout_ms }: HttpRequest): Promise<HttpAnswer> {
  try {
    const answer = await fetch(url, {
      method,
      headers: { accept: "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: "error",
      signal: AbortSignal.timeout(timeout_ms),
    });
    return { status: answer.status, headers: answer.headers, body: parsed(await readBody(answer)) };
  } catch (error) {
    if (error instanceof GhlError) throw error;
    const why = error instanceof Error && error.name === "TimeoutError" ? "no answer in time" : "no connection";
    throw new GhlError("unavailable", `${method} ${pathOf(url)}: ${why}`);
  }
}

/** The error that an answer other than 2xx stands for. */
export function failureOf(request: HttpRequest, answer: HttpAnswer): GhlError {
  const message = messageOf(answer.body);
  const retry_after_ms = retryAfter(answer.headers);
  return new GhlError(
    kindOf(answer.status, message),
    `${request.method} ${pathOf(request.url)}: ${answer.status} ${message}`,
    {
      status: answer.status,
      retry_after_ms,
    },
  );
}

/** GoHighLevel's own words, from the shapes in which it says no: `message` is a text or a list of them. */
export function messageOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { message, error, error_description } = body as Record<string, unknown>;
  const words = [message, error_description, error].flat().filter((word) => typeof word === "string");
  return words.join("; ").slice(0, MAX_MESSAGE_LENGTH);
}

function kindOf(status: number, message: string): GhlFailure {
  if (/location is not active/i.test(message)) return "location_inactive";
  // A token without the scope is answered like an expired one; only the text tells them apart, and no refresh helps.
  if (status === 401) return /scope/i.test(message) ? "forbidden" : "unauthorised";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limited";
  return status >= 500 || status < 400 ? "unavailable" : "refused";
}

/** `Retry-After` where it is sent, else the interval of the burst limit. */
function retryAfter(headers: Headers): number | null {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const interval = Number(headers.get("x-ratelimit-interval-milliseconds") ?? Number.NaN);
  return Number.isFinite(interval) && interval > 0 ? interval : null;
}

async function readBody(answer: Response): Promise<string> {
  if (!answer.body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new GhlError("unreadable", `an answer of more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Without the query, which may hold an e-mail address. */
function pathOf(url: string): string {
  return new URL(url).pathname;
}
