import { Group, Tooltip } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import { paymentsTexts } from "../../texts/payments.ts";
import { Badge } from "../../ui/status-badge.tsx";
import type { Payment, PaymentState } from "./payment.ts";
import classes from "./payments.module.css";

const TONES: Partial<Record<PaymentState, "good" | "warn" | "bad">> = {
  probable_duplicate: "bad",
  unmatched: "bad",
  held: "bad",
  shortfall: "bad",
  refund_unreckoned: "bad",
  charged_while_frozen: "warn",
  disputed: "bad",
  failed: "bad",
  granted: "good",
};

/** All the ways in which a payment stands, what needs somebody first; flags that nobody has seen yet as a flag. */
export function PaymentStates({ payment: { states, flags, acknowledged } }: { payment: Payment }) {
  const unseen = flags.filter((flag) => !acknowledged.includes(flag) && !states.some((state) => state === flag));
  const why = unseen.map(flagInWords).join(" ");
  return (
    <Group gap="4px 10px" component="span">
      {states
        .filter((state) => state !== "flagged")
        .map((state) => (
          <Badge key={state} tone={TONES[state] ?? "quiet"}>
            {paymentsTexts.states[state]}
          </Badge>
        ))}
      {unseen.length > 0 && (
        <Tooltip label={why} multiline maw={280}>
          <IconFlag size={13} role="img" aria-label={why} className={classes.flag ?? ""} />
        </Tooltip>
      )}
    </Group>
  );
}

/** What a flag says. */
export function flagInWords(flag: string): string {
  return (paymentsTexts.flags as Record<string, string | undefined>)[flag] ?? flag.replaceAll("_", " ");
}
