import { Text } from "@mantine/core";
import { useLocationHere } from "../../api/place.ts";
import { paymentTexts as texts } from "../../texts/payments.ts";
import { Credits, Money } from "../../ui/amounts.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Badge } from "../../ui/status-badge.tsx";
import { itemName, type Payment, type PaymentItem } from "./payment.ts";

const { item_columns: titles } = texts;

const TONES: Partial<Record<PaymentItem["status"], "good" | "bad">> = {
  granted: "good",
  unmatched: "bad",
  held: "bad",
};

/** What was bought, line by line, and what became of each. */
export function PaymentItems({ payment: { items, currency: of_payment } }: { payment: Payment }) {
  const { currency } = useLocationHere();
  const columns: readonly Column<PaymentItem>[] = [
    {
      key: "name",
      title: titles.name,
      is_name: true,
      cell: (item) => (
        <span>
          {itemName(item)}
          {item.quantity !== 1 && (
            <Text span c="dimmed" inherit children={` ${texts.quantity(formatNumber(item.quantity))}`} />
          )}
        </span>
      ),
    },
    { key: "product", title: titles.product, cell: ({ product_name }) => product_name },
    { key: "state", title: titles.state, cell: (item) => <ItemState item={item} /> },
    { key: "credits", title: titles.credits, is_figure: true, cell: (item) => <ItemCredits item={item} /> },
    {
      key: "amount",
      title: titles.amount,
      is_figure: true,
      cell: ({ amount_cents }) => <Money cents={amount_cents} currency={of_payment ?? currency} />,
    },
  ];
  return (
    <DataTable
      label={texts.items}
      columns={columns}
      rows={items}
      keyOf={({ item }) => String(item)}
      toneOf={({ status }) => (TONES[status] === "bad" ? "bad" : undefined)}
    />
  );
}

function ItemState({ item: { status, reason } }: { item: PaymentItem }) {
  const reasons: Record<string, string | undefined> = texts.item_reasons;
  return (
    <span>
      <Badge tone={TONES[status] ?? "quiet"}>{texts.item_states[status]}</Badge>
      {reason !== null && <Text size="xs" c="dimmed" component="div" children={reasons[reason] ?? reason} />}
    </span>
  );
}

function ItemCredits({ item }: { item: PaymentItem }) {
  const { status, credits_granted, credits_taken, credits_short } = item;
  if (status !== "granted") return null;
  const gone = [
    credits_taken > 0 ? texts.taken(formatNumber(credits_taken)) : null,
    credits_short > 0 ? texts.short(formatNumber(credits_short)) : null,
  ].filter((word) => word !== null);
  return (
    <span>
      <Credits value={credits_granted} />
      {gone.length > 0 && <Text size="xs" c="dimmed" component="div" children={gone.join(" · ")} />}
    </span>
  );
}
