import { Popover, Text, UnstyledButton } from "@mantine/core";
import { useId, type ReactNode } from "react";
import { uiTexts } from "../texts/ui.ts";
import classes from "./why.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
}

interface WhyProps {
  /** What is asked about, for who cannot see where the button stands. */
  of: string;
  /** The answer in a sentence. */
  sentence: ReactNode;
  /** What it rests on. */
  facts?: readonly Fact[];
}

/** Answers "why?" where the question comes up: a sentence, and the facts behind it. */
export function Why({ of, sentence, facts = [] }: WhyProps) {
  const title_id = useId();
  return (
    <Popover width={340} position="bottom-end" withArrow trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.why} aria-label={uiTexts.why_about(of)}>
          {uiTexts.why}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-labelledby={title_id} className={classes.dropdown}>
        <Text size="sm" id={title_id} component="div" tabIndex={-1} data-autofocus>
          {sentence}
        </Text>
        {facts.length > 0 && <Facts facts={facts} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Facts line by line: what it is, and what it says. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
