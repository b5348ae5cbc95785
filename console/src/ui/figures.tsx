import type { ReactNode } from "react";
import classes from "./figures.module.css";

/** Figures side by side between hairlines. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className={classes.figures}>{children}</dl>;
}

interface FigureProps {
  label: string;
  /** A few words below the figure. */
  hint?: ReactNode;
  children: ReactNode;
}

/** A figure under its name. */
export function Figure({ label, hint, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        {children}
        {hint !== undefined && <small>{hint}</small>}
      </dd>
    </div>
  );
}
