import { Anchor, Group } from "@mantine/core";
import { IconReceipt2 } from "@tabler/icons-react";
import { useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { invoiceTexts as texts } from "../../texts/billing.ts";
import { Money } from "../../ui/amounts.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";

type Bills = WorkspaceAnswer<"/billing/invoices">;
type Bill = Bills["invoices"][number];
type NextBill = NonNullable<Bills["next_invoice"]>;

/** What Stripe billed, and how the next bill will come about. */
export function Invoices() {
  const query = useWorkspaceRead("/billing/invoices", {});
  return (
    <>
      {query.data?.next_invoice && <NextLines next={query.data.next_invoice} />}
      <Section title={texts.title}>
        <Loaded query={query}>
          {({ invoices }) =>
            invoices.length === 0 ? (
              <EmptyState icon={IconReceipt2} title={texts.nothing} about={texts.nothing_about} />
            ) : (
              <DataTable
                label={texts.title}
                columns={COLUMNS}
                rows={invoices}
                keyOf={({ invoice_id }) => invoice_id}
                actions={(bill) => <Links bill={bill} />}
                toneOf={({ status }) => (status === "open" ? "warn" : undefined)}
              />
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

const COLUMNS: readonly Column<Bill>[] = [
  { key: "number", title: texts.number, is_name: true, cell: ({ number }) => number ?? texts.draft_number },
  { key: "date", title: texts.date, cell: ({ created_at }) => <When at={created_at} style="day" /> },
  { key: "status", title: texts.status, cell: ({ status }) => <BillStatus status={status} /> },
  {
    key: "due",
    title: texts.due,
    is_figure: true,
    from: "tablet",
    cell: ({ due_cents, currency }) => (due_cents === 0 ? null : <Money cents={due_cents} currency={currency} />),
  },
  {
    key: "total",
    title: texts.total,
    is_figure: true,
    cell: ({ total_cents, currency }) => <Money cents={total_cents} currency={currency} />,
  },
];

function BillStatus({ status }: { status: string }) {
  const words: Record<string, string | undefined> = texts.statuses;
  const tone = status === "paid" ? "good" : status === "open" ? "warn" : "quiet";
  return <Badge tone={tone}>{words[status] ?? status}</Badge>;
}

function Links({ bill: { number, url, pdf_url, status } }: { bill: Bill }) {
  const name = number ?? texts.draft_number;
  const page = status === "open" ? texts.pay : texts.open;
  return (
    <Group gap="sm" justify="flex-end" wrap="nowrap">
      {url !== null && <Outside href={url} text={page} of={name} />}
      {pdf_url !== null && <Outside href={pdf_url} text={texts.pdf} of={name} />}
    </Group>
  );
}

function Outside({ href, text, of }: { href: string; text: string; of: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size="sm" aria-label={`${text}: ${of}`}>
      {text}
    </Anchor>
  );
}

const LINES: readonly Column<NextBill["lines"][number] & { key: string; currency: string }>[] = [
  { key: "text", title: texts.line, is_name: true, cell: ({ text }) => text },
  {
    key: "part",
    title: texts.period,
    from: "tablet",
    cell: ({ is_proration }) => (is_proration ? texts.part : texts.whole),
  },
  {
    key: "amount",
    title: texts.total,
    is_figure: true,
    cell: ({ amount_cents, currency }) => <Money cents={amount_cents} currency={currency} />,
  },
];

function NextLines({ next: { lines, currency } }: { next: NextBill }) {
  const rows = lines.map((line, i) => ({ ...line, currency, key: String(i) }));
  return (
    <Section title={texts.next}>
      <DataTable label={texts.next} columns={LINES} rows={rows} keyOf={({ key }) => key} />
    </Section>
  );
}
