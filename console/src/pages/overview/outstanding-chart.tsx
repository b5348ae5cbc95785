import { useState } from "react";
import { overviewTexts } from "../../texts/overview.ts";
import { formatDay } from "../../ui/format.ts";
import type { Overview } from "./overview-page.tsx";
import classes from "./overview.module.css";

const { movement: texts } = overviewTexts;

type Days = Overview["credits"]["movement"]["days"];

const WIDTH = 600;
const HEIGHT = 110;
const TOP = 8;
const BASE = HEIGHT - 1;

/** What was owed at the end of each day; a day that is pointed at says its figure. */
export function OutstandingChart({ days }: { days: Days }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const most = Math.max(...days.map(({ outstanding }) => outstanding), 1);
  const step = WIDTH / Math.max(days.length - 1, 1);
  const y = (outstanding: number) => BASE - (outstanding / most) * (BASE - TOP);
  const line = days.map(({ outstanding }, i) => `${(i * step).toFixed(1)},${y(outstanding).toFixed(1)}`).join("L");
  const day = days[pointed ?? days.length - 1];
  const [first] = days;
  if (!day || !first) return null;
  const at = (pointed ?? days.length - 1) * step;
  return (
    <figure className={classes.figure}>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={texts.chart(formatDay(first.on), formatDay(days.at(-1)?.on ?? first.on))}
        onPointerMove={({ currentTarget, clientX }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setPointed(
            Math.min(Math.max(Math.round(((clientX - left) / width) * (days.length - 1)), 0), days.length - 1),
          );
        }}
        onPointerLeave={() => setPointed(null)}
      >
        <path d={`M${line}L${WIDTH},${BASE}L0,${BASE}Z`} fill="var(--k-accent-quiet)" />
        <path
          d={`M${line}`}
          fill="none"
          stroke="var(--k-accent-text)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
        <path d={`M0,${BASE}H${WIDTH}`} stroke="var(--k-line-strong)" vectorEffect="non-scaling-stroke" />
        {pointed !== null && (
          <path d={`M${at},${TOP}V${BASE}`} stroke="var(--k-line-strong)" vectorEffect="non-scaling-stroke" />
        )}
      </svg>
      <figcaption>
        <span>{formatDay(first.on)}</span>
        <span>{texts.day(formatDay(day.on), day.outstanding)}</span>
      </figcaption>
    </figure>
  );
}
