import { Button, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./selection-bar.module.css";

interface SelectionBarProps {
  /** How many of what. */
  count: string;
  clear: string;
  onClear: () => void;
  children: ReactNode;
}

/** What can be done with the rows that are selected; stays in sight while one scrolls. */
export function SelectionBar({ count, clear, onClear, children }: SelectionBarProps) {
  return (
    <div className={classes.bar} role="region" aria-label={count}>
      <Text size="sm" fw={500} aria-live="polite">
        {count}
      </Text>
      {children}
      <Button variant="subtle" color="gray" onClick={onClear}>
        {clear}
      </Button>
    </div>
  );
}
