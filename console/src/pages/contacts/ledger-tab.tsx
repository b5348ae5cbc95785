import { IconBook2 } from "@tabler/icons-react";
import { usePages, type Shape } from "../../api/location-api.ts";
import { contactColumns as titles, contactTexts } from "../../texts/contact.ts";
import { entryTypeTexts, sourceTexts } from "../../texts/entries.ts";
import { Change, Credits } from "../../ui/amounts.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { formatNumber } from "../../ui/format.ts";
import { PagedTable } from "../../ui/paged-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { When } from "../../ui/when.tsx";
import { useEntitlementNames } from "./use-entitlement-names.ts";

type Entry = Shape<"LedgerEntry">;

interface LedgerTabProps {
  contact_id: string;
  onWhy: (entry: Entry) => void;
}

/** Every entry in the order of the books; a row opens its "why". */
export function LedgerTab({ contact_id, onWhy }: LedgerTabProps) {
  const names = useEntitlementNames(contact_id);
  const pages = usePages("/contacts/{id}/ledger", { path: { id: contact_id } }, ({ entries }) => entries);
  const columns: readonly Column<Entry>[] = [
    { key: "number", title: titles.entry, is_figure: true, width: 56, cell: (row) => formatNumber(row.entry_number) },
    { key: "what", title: titles.what, is_name: true, cell: ({ type }) => entryTypeTexts[type] },
    { key: "when", title: titles.when, cell: ({ occurred_at }) => <When at={occurred_at} style="short" /> },
    { key: "lot", title: titles.entitlement, cell: ({ entitlement_id }) => names.get(entitlement_id) ?? null },
    { key: "source", title: titles.source, from: "laptop", cell: ({ source }) => sourceTexts[source] },
    { key: "amount", title: titles.amount, is_figure: true, cell: ({ amount }) => <Change value={amount} /> },
    { key: "after", title: titles.balance, is_figure: true, cell: (row) => <Credits value={row.balance_after} /> },
  ];
  const { ledger, ledger_about } = contactTexts.nothing;
  return (
    <PagedTable
      label={contactTexts.tabs.ledger}
      pages={pages}
      columns={columns}
      keyOf={({ id }) => id}
      onOpen={onWhy}
      empty={<EmptyState icon={IconBook2} title={ledger} about={ledger_about} />}
    />
  );
}
