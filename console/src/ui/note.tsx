import type { ReactNode } from "react";
import classes from "./note.module.css";

/** Something to know about what stands below it; said without raising the voice. */
export function Note({ tone = "quiet", children }: { tone?: "quiet" | "warn" | "bad"; children: ReactNode }) {
  return (
    <div className={classes.note} data-tone={tone}>
      {children}
    </div>
  );
}
