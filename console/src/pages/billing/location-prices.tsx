import { Button, Text } from "@mantine/core";
import { IconMapPin } from "@tabler/icons-react";
import { Link } from "react-router";
import { useWorkspaceHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { locationPriceTexts as texts } from "../../texts/billing.ts";
import { Money } from "../../ui/amounts.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Section } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import type { Billing } from "./billing-page.tsx";
import { CURRENCY } from "./currency.ts";
import { FurtherLocations } from "./further-locations.tsx";

type PricedLocation = Billing["locations"][number];

/** What each location adds to the month. */
export function LocationPrices({ billing: { locations, subscription } }: { billing: Billing }) {
  const { workspace_id } = useWorkspaceHere();
  return (
    <Section title={texts.title}>
      <Text size="sm" c="dimmed">
        {texts.about}
      </Text>
      {locations.length === 0 ? (
        <EmptyState
          icon={IconMapPin}
          title={texts.nothing}
          about={texts.nothing_about}
          action={<Button variant="default" component={Link} to={paths.locations(workspace_id)} children={texts.add} />}
        />
      ) : (
        <DataTable label={texts.title} columns={COLUMNS} rows={locations} keyOf={({ location_id }) => location_id} />
      )}
      {subscription?.is_live && <FurtherLocations />}
    </Section>
  );
}

const COLUMNS: readonly Column<PricedLocation>[] = [
  { key: "name", title: texts.location, is_name: true, cell: ({ name }) => name },
  {
    key: "status",
    title: texts.status,
    cell: ({ status, sandbox }) => <StatusBadge status={sandbox ? "sandbox" : status} />,
  },
  { key: "month", title: texts.month, is_figure: true, cell: (location) => <Price location={location} /> },
];

function Price({ location: { sandbox, status, monthly_cents } }: { location: PricedLocation }) {
  if (sandbox) return texts.free;
  if (status === "disconnected") return null;
  return (
    <>
      <Money cents={monthly_cents} currency={CURRENCY} />
      {status === "pending" && (
        <Text span size="xs" c="dimmed">
          {" "}
          {texts.later}
        </Text>
      )}
    </>
  );
}
