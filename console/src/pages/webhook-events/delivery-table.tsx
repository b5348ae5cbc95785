import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { providerTexts } from "../../texts/entries.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { When } from "../../ui/when.tsx";
import { EventStatusBadge, type WebhookEvent } from "./event-outcome.tsx";

const { columns: titles } = webhookTexts;

const COLUMNS: readonly Column<WebhookEvent>[] = [
  {
    key: "received",
    title: titles.received,
    width: 160,
    cell: ({ received_at }) => <When at={received_at} style="short" />,
  },
  { key: "type", title: titles.type, is_name: true, cell: ({ type }) => type },
  { key: "source", title: titles.source, cell: ({ provider }) => providerTexts[provider] },
  { key: "outcome", title: titles.outcome, cell: ({ status }) => <EventStatusBadge status={status} /> },
];

/** Deliveries that told of one thing, each leading to its own page. */
export function DeliveryTable({ label, deliveries }: { label: string; deliveries: readonly WebhookEvent[] }) {
  const { location_id } = useLocationHere();
  return (
    <DataTable
      label={label}
      columns={COLUMNS}
      rows={deliveries}
      keyOf={({ id }) => id}
      linkTo={({ id }) => paths.webhookEvent(location_id, id)}
      toneOf={({ status }) => (status === "dead" ? "bad" : undefined)}
    />
  );
}
