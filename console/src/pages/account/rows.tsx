import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./rows.module.css";

/** A short list between hairlines. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className={classes.rows}>{children}</ul>;
}

/** Its line: what it is, what is known of it, what can be done. */
export function Row({ title, about, action }: { title: string; about?: ReactNode; action?: ReactNode }) {
  return (
    <li>
      <div className={classes.what}>
        <Text size="sm">{title}</Text>
        {about !== undefined && (
          <Text size="xs" c="dimmed" component="div">
            {about}
          </Text>
        )}
      </div>
      {action}
    </li>
  );
}
