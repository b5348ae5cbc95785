import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Answer, Shape } from "../../../api/location-api.ts";
import { accountTexts, entryTypeTexts } from "../../../texts/entries.ts";
import { whyTexts } from "../../../texts/why.ts";
import { Change } from "../../../ui/amounts.tsx";
import { When } from "../../../ui/when.tsx";
import classes from "./why.module.css";

export type Why = Answer<"/ledger/{entry_id}/why">["why"];
export type Actor = Why["actor"];
type Entry = Shape<"LedgerEntry">;

/** Who did it, in words. */
export function actorName({ kind, name }: Actor): string {
  return whyTexts.actors[kind](name);
}

/** The answer itself: one sentence, and who did it. */
export function Sentence({ children, by }: { children: ReactNode; by?: Actor | null }) {
  return (
    <div className={classes.sentence}>
      <Text size="md" component="div">
        {children}
      </Text>
      {by && (
        <Text size="sm" c="dimmed" mt={4}>
          {whyTexts.by} {actorName(by)}
        </Text>
      )}
    </div>
  );
}

/** A part of the answer; left out where it is empty. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <Title order={3} size="h3">
        {title}
      </Title>
      {children}
    </section>
  );
}

/** Entries in a few words each. */
export function EntryLines({ entries }: { entries: readonly Entry[] }) {
  return (
    <ul className={classes.lines}>
      {entries.map(({ id, type, occurred_at, amount, debit_account, credit_account }) => (
        <li key={id}>
          <span>
            {entryTypeTexts[type]}
            <Text size="xs" c="dimmed" component="span" ml={8}>
              {whyTexts.movement(accountTexts[debit_account], accountTexts[credit_account])}
            </Text>
          </span>
          <Text size="xs" c="dimmed" component="span">
            <When at={occurred_at} style="short" />
          </Text>
          <Change value={amount} />
        </li>
      ))}
    </ul>
  );
}

/** What people decided, with their reasons. */
export function Decisions({ decisions }: { decisions: Why["decisions"] }) {
  if (decisions.length === 0) return null;
  return (
    <Part title={whyTexts.decisions}>
      <ul className={classes.decisions}>
        {decisions.map(({ id, action, actor, reason, at }) => (
          <li key={id}>
            <Text size="sm">{sentenceOf(action)}</Text>
            {reason !== null && <blockquote>{reason}</blockquote>}
            <Text size="xs" c="dimmed" component="div">
              {actorName(actor)}, <When at={at} />
            </Text>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** `extend_expiry` → `Extend expiry`. */
export function sentenceOf(action: string): string {
  const words = action.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
