import { IconAlertTriangle, IconCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

const GLYPHS = { good: IconCheck, quiet: IconInfoCircle, warn: IconAlertTriangle, bad: IconAlertTriangle } as const;

interface NoticeProps {
  tone: keyof typeof GLYPHS;
  title?: string | undefined;
  children: ReactNode;
}

/** Something to be read before going on; what went wrong is read out at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  const Glyph = GLYPHS[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Glyph size={17} stroke={1.8} aria-hidden />
      <div>
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
