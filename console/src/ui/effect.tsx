import { Text } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { entryTypeTexts } from "../texts/entries.ts";
import { changeTexts } from "../texts/ui.ts";
import { Change, Credits } from "./amounts.tsx";
import classes from "./effect.module.css";

/** What a dry run tells: the entries that would be written, and each touched entitlement before and after. */
export interface Preview {
  entries: readonly { type: string; amount: number; entitlement_id: string; balance_after: number; reason: string }[];
  balances: readonly { entitlement_id: string; before: number; after: number }[];
  fingerprint: string;
}

interface EffectProps<Answer extends { preview?: Preview }> {
  /** Null: nothing was asked yet. */
  answer: Answer | null;
  /** False: something was changed since. */
  is_current: boolean;
  names?: ReadonlyMap<string, string> | undefined;
  describe?: ((answer: Answer) => ReactNode) | undefined;
}

/** The exact effect of a change that was not made yet. */
export function Effect<Answer extends { preview?: Preview }>({
  answer,
  is_current,
  names,
  describe,
}: EffectProps<Answer>) {
  const section = useRef<HTMLElement>(null);
  // The button that asked is gone now: the answer takes its focus, and is read.
  useEffect(() => {
    if (answer) section.current?.focus();
  }, [answer]);
  return (
    <section
      ref={section}
      tabIndex={-1}
      className={classes.effect}
      aria-label={changeTexts.effect}
      data-stale={!is_current || undefined}
    >
      <Text size="xs" fw={600} className={classes.title}>
        {changeTexts.effect}
      </Text>
      {answer ? (
        <>
          {!is_current && <Text size="xs" c="dimmed" children={changeTexts.outdated} />}
          {describe && <Text size="sm" component="div" children={describe(answer)} />}
          <Entries preview={answer.preview ?? NONE} names={names} />
        </>
      ) : (
        <Text size="xs" c="dimmed">
          {changeTexts.not_previewed}
        </Text>
      )}
    </section>
  );
}

const NONE: Preview = { entries: [], balances: [], fingerprint: "" };

/** The entries and balances of a preview, as a ledger writes them. */
function Entries({ preview, names }: { preview: Preview; names?: ReadonlyMap<string, string> | undefined }) {
  const { entries, balances } = preview;
  const nameOf = (id: string) => names?.get(id) ?? changeTexts.opened;
  if (entries.length === 0 && balances.length === 0) {
    return <Text size="sm" children={changeTexts.no_entries} />;
  }
  return (
    <div className={classes.books}>
      {entries.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{changeTexts.entry}</th>
              <th scope="col">{changeTexts.entitlement}</th>
              <th scope="col">{changeTexts.amount}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ type, amount, entitlement_id }, i) => (
              <tr key={i}>
                <td>{(entryTypeTexts as Record<string, string>)[type] ?? type}</td>
                <td>{nameOf(entitlement_id)}</td>
                <td children={<Change value={amount} />} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{changeTexts.entitlement}</th>
            <th scope="col">{changeTexts.before}</th>
            <th scope="col">{changeTexts.after}</th>
          </tr>
        </thead>
        <tbody>
          {balances.map(({ entitlement_id, before, after }) => (
            <tr key={entitlement_id}>
              <td>{nameOf(entitlement_id)}</td>
              <td children={<Credits value={before} />} />
              <td children={<Credits value={after} strong={before !== after} />} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
