import { IconTicket } from "@tabler/icons-react";
import { usePages, type Shape } from "../../api/location-api.ts";
import { contactColumns as titles, contactTexts } from "../../texts/contact.ts";
import { entitlementTexts } from "../../texts/entitlements.ts";
import { Credits } from "../../ui/amounts.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { EntitlementBar } from "../../ui/entitlement-bar.tsx";
import { Identity } from "../../ui/identity.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { LastDay } from "../../ui/when.tsx";

type Entitlement = Shape<"Entitlement">;

const COLUMNS: readonly Column<Entitlement>[] = [
  { key: "name", title: titles.product, is_name: true, cell: ({ name }) => name },
  { key: "status", title: titles.status, cell: ({ status }) => <StatusBadge status={status} /> },
  { key: "origin", title: titles.origin, from: "tablet", cell: ({ origin }) => entitlementTexts.origins[origin] },
  { key: "expires", title: titles.expires, cell: ({ expires_at }) => <LastDay before={expires_at} /> },
  { key: "id", title: titles.id, from: "laptop", cell: ({ id }) => <Identity id={id} short /> },
  {
    key: "bar",
    title: titles.share,
    width: 120,
    from: "tablet",
    cell: (row) => (
      <div style={{ width: 110 }}>
        <EntitlementBar entitlement={row} />
      </div>
    ),
  },
  { key: "left", title: titles.left, is_figure: true, cell: (row) => <Credits value={row.credits_remaining} strong /> },
];

/** Everything the contact ever held. */
export function EntitlementsTab({ contact_id }: { contact_id: string }) {
  const pages = usePages(
    "/contacts/{id}/entitlements",
    { path: { id: contact_id } },
    ({ entitlements }) => entitlements,
  );
  const { entitlements, entitlements_about } = contactTexts.nothing;
  return (
    <PagedTable
      label={contactTexts.tabs.entitlements}
      pages={pages}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={<EmptyState icon={IconTicket} title={entitlements} about={entitlements_about} />}
    />
  );
}
