import { Text } from "@mantine/core";
import { actionInWords } from "../texts/audit.ts";
import { When } from "./when.tsx";
import classes from "./decisions.module.css";

interface Decision {
  id: string;
  actor: { name: string };
  action: string;
  reason: string | null;
  at: string;
}

/** What people decided of something: what, who, when, and why in their own words. */
export function Decisions({ of }: { of: readonly Decision[] }) {
  return (
    <ol className={classes.decisions}>
      {of.map(({ id, actor, action, reason, at }) => (
        <li key={id}>
          <span>
            {actionInWords(action)} <Text span inherit c="dimmed" children={`· ${actor.name}`} />
          </span>
          <Text span size="xs" c="dimmed" children={<When at={at} style="short" />} />
          {reason !== null && <q>{reason}</q>}
        </li>
      ))}
    </ol>
  );
}
