import type { PaymentEvent } from "./payment-event.ts";

/** What of a payment waits for a person, in a fixed order: of these the lists for staff are made. */
export function attentionOf({ status, items, flags, acknowledged }: PaymentEvent): string[] {
  const attention = new Set<string>();
  if (status === "probable_duplicate") attention.add("probable_duplicate");
  if (status === "recorded" && items.some((item) => item.status === "unmatched")) attention.add("unmatched");
  if (status === "recorded" && items.some((item) => item.status === "held")) attention.add("held");
  for (const flag of flags) if (!acknowledged.includes(flag)) attention.add(flag);
  return [...attention];
}
