import { credits } from "../../texts/product-rule.ts";
import { productTexts as texts } from "../../texts/products.ts";
import type { SimulatedLine } from "./use-simulation.ts";
import classes from "./products.module.css";

const WIDTH = 360;
const HEIGHT = 72;
const TOP = 6;
const BASE = HEIGHT - 10;

/** What is left, day by day, as a line of steps; visits that were not covered are marked below it. */
export function BalanceChart({ lines }: { lines: readonly SimulatedLine[] }) {
  const first = Date.parse(lines[0]?.at ?? "");
  const last = Date.parse(lines.at(-1)?.at ?? "");
  const most = Math.max(...lines.map(({ balance }) => balance), 1);
  const x = (at: string) => ((Date.parse(at) - first) / Math.max(last - first, 1)) * WIDTH;
  const y = (balance: number) => BASE - (balance / most) * (BASE - TOP);
  const steps = lines.map(({ at, balance }) => `H${x(at).toFixed(1)}V${y(balance).toFixed(1)}`).join("");
  const refused = lines.filter(({ what }) => what === "refused");
  return (
    <svg
      className={classes.chart}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={texts.preview_chart(credits(lines.at(-1)?.balance ?? 0))}
    >
      <path d={`M0,${BASE}${steps}H${WIDTH}V${BASE}Z`} fill="var(--k-accent-quiet)" />
      <path
        d={`M0,${BASE}${steps}H${WIDTH}`}
        fill="none"
        stroke="var(--k-accent-text)"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
      <path d={`M0,${BASE}H${WIDTH}`} stroke="var(--k-line-strong)" vectorEffect="non-scaling-stroke" />
      {refused.map(({ at }) => (
        <path
          key={at}
          d={`M${x(at).toFixed(1)},${BASE + 3}V${HEIGHT - 1}`}
          stroke="var(--k-bad)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
