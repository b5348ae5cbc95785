import { Text } from "@mantine/core";
import { uiTexts } from "../texts/ui.ts";
import { formatMoney, formatNumber, formatSigned } from "./format.ts";
import classes from "./amounts.module.css";

/** A number of credits; null is unlimited. */
export function Credits({ value, strong = false }: { value: number | null; strong?: boolean }) {
  if (value === null) return <span className={classes.unlimited}>{uiTexts.unlimited}</span>;
  return (
    <span className={classes.figure} data-strong={strong || undefined} data-zero={value === 0 || undefined}>
      {formatNumber(value)}
    </span>
  );
}

/** What an entry changes, with its sign: in the accent's colour where it adds. */
export function Change({ value }: { value: number }) {
  const sign = value > 0 ? "plus" : value < 0 ? "minus" : "zero";
  return (
    <span className={classes.figure} data-sign={sign}>
      {formatSigned(value)}
    </span>
  );
}

/** Money from the smallest unit of its currency; null where nobody said. */
export function Money({ cents, currency }: { cents: number | null; currency: string }) {
  if (cents === null) return <Text span c="dimmed" inherit children="—" />;
  return <span className={classes.figure}>{formatMoney(cents, currency)}</span>;
}
