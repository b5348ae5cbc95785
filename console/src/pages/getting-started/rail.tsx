import { Title } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { gettingStartedTexts as texts } from "../../texts/getting-started.ts";
import classes from "./rail.module.css";

type StepState = "done" | "open" | "next" | "not_needed";

/** Steps one below the other, joined by a line. */
export function Rail({ children }: { children: ReactNode }) {
  return <ol className={classes.rail}>{children}</ol>;
}

interface RailStepProps {
  number: number;
  title: string;
  state: StepState;
  /** What is known of it. */
  fact: ReactNode;
  /** What it is for, while it is to do. */
  about?: ReactNode;
  actions?: ReactNode;
}

/** A step: whether it is done, the fact by which that is known, and its buttons. */
export function RailStep({ number, title, state, fact, about, actions }: RailStepProps) {
  return (
    <li className={classes.step} data-state={state} aria-current={state === "next" ? "step" : undefined}>
      <span className={classes.mark} aria-label={texts.states[state]} role="img">
        {state === "done" ? (
          <IconCheck size={15} stroke={2.4} />
        ) : state === "not_needed" ? (
          <IconMinus size={15} />
        ) : (
          number
        )}
      </span>
      <div className={classes.body}>
        <div className={classes.text}>
          <Title order={2} size="h3">
            {title}
          </Title>
          <div className={classes.fact}>{fact}</div>
          {about !== undefined && <div className={classes.about}>{about}</div>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
    </li>
  );
}
