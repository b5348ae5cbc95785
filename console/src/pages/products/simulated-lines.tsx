import { Text } from "@mantine/core";
import { entryTypeTexts } from "../../texts/entries.ts";
import { productTexts as texts } from "../../texts/products.ts";
import { Change, Credits } from "../../ui/amounts.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Day } from "../../ui/when.tsx";
import type { SimulatedLine } from "./use-simulation.ts";
import classes from "./products.module.css";

const { preview_columns: titles } = texts;

/** A line, and how many that say the same follow it at once. */
interface Told extends SimulatedLine {
  count: number;
}

/** The same, line by line, as a ledger would have it. */
export function SimulatedLines({ lines }: { lines: readonly SimulatedLine[] }) {
  if (lines.length === 0) return <Text size="sm" c="dimmed" children={texts.preview_end} />;
  return (
    <div className={classes.life_scroll} tabIndex={0} role="group" aria-label={texts.preview}>
      <table className={classes.life}>
        <thead>
          <tr>
            <th scope="col">{titles.on}</th>
            <th scope="col">{titles.what}</th>
            <th scope="col">{titles.amount}</th>
            <th scope="col">{titles.balance}</th>
          </tr>
        </thead>
        <tbody>
          {gathered(lines).map((line, i) => (
            <tr key={i} data-tone={toneOf(line)}>
              <td>
                <Day on={line.on} />
              </td>
              <td>
                {wordsOf(line, i === 0)}
                {line.what === "refused" && <Refusal reason={line.reason} />}
              </td>
              <td>{line.amount !== 0 && line.what !== "rollover" && <Change value={line.amount} />}</td>
              <td>{line.unlimited ? <Credits value={null} /> : formatNumber(line.balance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Visits that were refused for one reason after another stand in one line. */
function gathered(lines: readonly SimulatedLine[]): Told[] {
  const told: Told[] = [];
  for (const line of lines) {
    const before = told.at(-1);
    if (before?.what === "refused" && line.what === "refused" && before.reason === line.reason) before.count += 1;
    else told.push({ ...line, count: 1 });
  }
  return told;
}

function toneOf({ what }: SimulatedLine): "good" | "bad" | undefined {
  return what === "grant" ? "good" : what === "refused" ? "bad" : undefined;
}

function wordsOf({ what, amount, count }: Told, is_first: boolean): string {
  const { lines: words } = texts;
  if (what === "grant") return is_first ? words.first_payment : words.payment;
  if (what === "rollover") return words.rollover(formatNumber(amount));
  if (what === "refused" && count > 1) return texts.refused_visits(count);
  const own: Record<string, string | undefined> = {
    ...entryTypeTexts,
    deduct: words.deduct,
    usage: words.usage,
    refused: words.refused,
    expire: words.expire,
  };
  return own[what] ?? what;
}

function Refusal({ reason }: { reason: string }) {
  const known: Record<string, string | undefined> = texts.refusals;
  return <Text size="xs" c="dimmed" children={known[reason] ?? reason} />;
}
