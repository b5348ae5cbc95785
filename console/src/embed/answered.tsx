import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { embedTexts } from "../texts/embed.ts";
import { Refused } from "./ask.ts";
import classes from "./embed.module.css";

interface Asked<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "isPending" | "isFetching" | "refetch">;
  /** Lines to keep room for while loading. */
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What was answered; until then lines in its place, and what went wrong with a way to ask again. */
export function Answered<T>({ query, lines = 3, children }: Asked<T>) {
  const { data, error, isPending, isFetching, refetch } = query;
  if (data !== undefined) return children(data);
  if (isPending) return <Lines count={lines} />;
  const is_too_often = error instanceof Refused && error.reason_code === "RATE_LIMITED";
  return (
    <div className={classes.failed} role="alert">
      <span>{is_too_often ? embedTexts.too_often : embedTexts.failed}</span>
      <button type="button" className={classes.quiet_button} onClick={() => void refetch()} disabled={isFetching}>
        {embedTexts.retry}
      </button>
    </div>
  );
}

function Lines({ count }: { count: number }) {
  return (
    <div aria-busy>
      <span className={classes.unseen} role="status">
        {embedTexts.loading}
      </span>
      {Array.from({ length: count }, (_, line) => (
        <div key={line} className={classes.line_to_come} />
      ))}
    </div>
  );
}
