import { statusTexts } from "../texts/statuses.ts";
import classes from "./status-badge.module.css";

export type Status = keyof typeof statusTexts;
type Tone = "good" | "quiet" | "warn" | "bad";

/** How much each state asks of whoever reads it; what is not here is quiet. */
const TONES: Partial<Record<Status, Tone>> = {
  active: "good",
  funded: "good",
  recorded: "good",
  granted: "good",
  showed: "good",
  ending: "warn",
  paused: "warn",
  frozen: "warn",
  past_due: "warn",
  probable_duplicate: "warn",
  held: "warn",
  late: "warn",
  sandbox: "warn",
  unmatched: "bad",
  unfunded: "bad",
  noshow: "bad",
  suspended: "bad",
  failed: "bad",
  disconnected: "bad",
  shortfall: "bad",
};

/** How something stands, in a word or two: a dot says how much it asks for, the word says what. */
export function StatusBadge({ status }: { status: Status }) {
  return <Badge tone={TONES[status] ?? "quiet"}>{statusTexts[status]}</Badge>;
}

/** The same for a state that has its own words. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
