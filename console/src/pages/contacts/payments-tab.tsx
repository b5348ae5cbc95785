import { IconReceipt2 } from "@tabler/icons-react";
import { usePages, type Shape } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { contactColumns as titles, contactTexts } from "../../texts/contact.ts";
import { providerTexts } from "../../texts/entries.ts";
import { Money } from "../../ui/amounts.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { StatusBadge, type Status } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";

type Payment = Shape<"Payment">;

/** The contact's payments, and what became of each. */
export function PaymentsTab({ contact_id }: { contact_id: string }) {
  const { currency } = useLocationHere();
  const pages = usePages("/contacts/{id}/payments", { path: { id: contact_id } }, ({ payments }) => payments);
  const columns: readonly Column<Payment>[] = [
    { key: "product", title: titles.product, is_name: true, cell: nameOf },
    { key: "paid", title: titles.paid, cell: ({ paid_at }) => <When at={paid_at} style="short" /> },
    { key: "provider", title: titles.source, from: "laptop", cell: ({ provider }) => providerName(provider) },
    { key: "status", title: titles.status, cell: (payment) => <StatusBadge status={standingOf(payment)} /> },
    {
      key: "refunded",
      title: titles.refunded,
      is_figure: true,
      from: "tablet",
      cell: (row) =>
        row.refunded_cents === 0 ? null : <Money cents={row.refunded_cents} currency={row.currency ?? currency} />,
    },
    {
      key: "sum",
      title: titles.sum,
      is_figure: true,
      cell: (row) => <Money cents={row.amount_cents} currency={row.currency ?? currency} />,
    },
  ];
  const { payments, payments_about } = contactTexts.nothing;
  return (
    <PagedTable
      label={contactTexts.tabs.payments}
      pages={pages}
      columns={columns}
      keyOf={({ id }) => id}
      toneOf={(payment) => (["unmatched", "probable_duplicate"].includes(standingOf(payment)) ? "bad" : undefined)}
      empty={<EmptyState icon={IconReceipt2} title={payments} about={payments_about} />}
    />
  );
}

function nameOf({ product_name, items, external_payment_id }: Payment): string {
  const names = items.flatMap((item) => item.product_name ?? item.name ?? []);
  return product_name ?? names[0] ?? external_payment_id;
}

function providerName(provider: string): string {
  return (providerTexts as Record<string, string | undefined>)[provider] ?? provider;
}

/** The worst of what its items came to, where the payment itself is decided. */
function standingOf({ status, items }: Pick<Payment, "status" | "items">): Status {
  if (status !== "recorded") return status;
  const [worst] = (["unmatched", "held", "waiting"] as const).filter((one) =>
    items.some((item) => item.status === one),
  );
  return worst ?? "recorded";
}
