import { Button, Group } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useMayChange } from "../../api/place.ts";
import { duplicateTexts, paymentTexts, resolveTexts } from "../../texts/payments.ts";
import { Note } from "../../ui/note.tsx";
import { PaymentDialog, resolutionsOf, type Resolution } from "./payment-dialog.tsx";
import { flagInWords } from "./payment-states.tsx";
import { isUnknownPayer, openItems, type Payment } from "./payment.ts";
import classes from "./payments.module.css";

const { attention: texts } = paymentTexts;

/** What waits for somebody, in words, and the decisions that there are. */
export function PaymentAttention({ payment, children }: { payment: Payment; children?: ReactNode }) {
  const may_change = useMayChange();
  const [open, setOpen] = useState<Resolution | null>(null);
  const notes = notesOf(payment);
  const actions = may_change ? resolutionsOf(payment) : [];
  if (notes.length === 0 && actions.length === 0) return null;
  // Of two payments that are compared neither answer is the likelier one.
  const is_primary = notes.length > 0 && payment.status !== "probable_duplicate" && actions[0] !== "take_back";
  return (
    <div className={classes.attention}>
      {notes.map(({ text, tone }) => (
        <Note key={text} tone={tone}>
          {text}
        </Note>
      ))}
      {children}
      <Group gap="xs">
        {actions.map((action, i) => (
          <Button key={action} variant={is_primary && i === 0 ? "filled" : "default"} onClick={() => setOpen(action)}>
            {wordsOf(action, payment)}
          </Button>
        ))}
      </Group>
      {open && <PaymentDialog payment={payment} action={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function wordsOf(action: Resolution, { status }: Payment): string {
  if (status === "probable_duplicate" && action === "grant") return duplicateTexts.two;
  if (status === "probable_duplicate" && action === "dismiss") return duplicateTexts.same;
  return resolveTexts[action].action;
}

function notesOf(payment: Payment): { text: string; tone: "warn" | "bad" }[] {
  const { status, flags, acknowledged, external_contact_id } = payment;
  const open = openItems(payment);
  const unmatched = open.filter((item) => item.status === "unmatched").length;
  const notes: { text: string; tone: "warn" | "bad" }[] = [];
  if (status === "probable_duplicate") notes.push({ text: texts.probable_duplicate, tone: "bad" });
  else if (isUnknownPayer(external_contact_id)) notes.push({ text: texts.unknown_payer, tone: "bad" });
  else if (unmatched > 0) notes.push({ text: texts.unmatched(unmatched), tone: "bad" });
  else if (open.length > 0) notes.push({ text: texts.held, tone: "bad" });
  for (const flag of flags) {
    if (!acknowledged.includes(flag)) notes.push({ text: flagInWords(flag), tone: "warn" });
  }
  return notes;
}
