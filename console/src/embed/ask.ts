import { passQuery, queryClient } from "./pass.ts";

/** What the server refused, by its reason code. */
export class Refused extends Error {
  readonly reason_code: string;

  constructor(reason_code: string) {
    super(reason_code);
    this.reason_code = reason_code;
  }
}

/** Asks the embed's API; a token that has run out is exchanged for a new one, once. */
export async function ask<T>(path: string, query: Record<string, string>, signal: AbortSignal): Promise<T> {
  const search = new URLSearchParams(query).toString();
  const url = `/api/embed${path}${search === "" ? "" : `?${search}`}`;
  const get = ({ token }: { token: string }) =>
    fetch(url, { headers: { Authorization: `Bearer ${token}` }, credentials: "omit", signal });
  let response = await get(await queryClient.query({ ...passQuery, staleTime: "static" }));
  if (response.status === 401) response = await get(await queryClient.query({ ...passQuery, staleTime: 0 }));
  const answer = (await response.json()) as T & { ok: boolean; reason_code: string };
  if (!answer.ok) throw new Refused(answer.reason_code);
  return answer;
}
