import { Button, Text } from "@mantine/core";
import { IconBuildingStore, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMayChange } from "../../api/place.ts";
import { useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { paths } from "../../paths.ts";
import { locationsTexts as texts } from "../../texts/locations.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { Ago } from "../../ui/when.tsx";
import { GhlState, StripeState } from "./connection-state.tsx";
import { NewLocationDialog } from "./new-location-dialog.tsx";
import { PendingInstallations } from "./pending-installations.tsx";

export type LocationRow = WorkspaceAnswer<"/locations">["locations"][number];

const FRESH_MS = 15_000;

/** Every location of the workspace, and how it stands with what it is connected to. */
export function LocationsPage() {
  const may_change = useMayChange();
  const query = useWorkspaceRead("/locations", {}, { refetch_ms: FRESH_MS });
  const [is_making, setMaking] = useState(false);
  const is_empty = query.data?.locations.length === 0;
  const make = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      {texts.new_location}
    </Button>
  );
  return (
    <Page title={texts.title} about={texts.about} actions={may_change && !is_empty && make}>
      <Loaded query={query}>
        {({ locations }) =>
          locations.length === 0 ? (
            <EmptyState icon={IconBuildingStore} {...texts.none} action={may_change && make} />
          ) : (
            <DataTable
              label={texts.title}
              columns={COLUMNS}
              rows={locations}
              keyOf={({ location_id }) => location_id}
              linkTo={({ location_id }) => paths.locationSettings(location_id)}
              toneOf={toneOf}
            />
          )
        }
      </Loaded>
      <PendingInstallations />
      {is_making && <NewLocationDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

function toneOf({ status, ghl, stripe, dead_events }: LocationRow): "bad" | "warn" | undefined {
  if (status !== "active") return undefined;
  const is_broken = ghl.status === "needs_reinstall" || ghl.status === "disconnected";
  if (is_broken || dead_events > 0) return "bad";
  return ghl.trouble !== null || stripe.trouble !== null ? "warn" : undefined;
}

const COLUMNS: readonly Column<LocationRow>[] = [
  {
    key: "name",
    title: texts.columns.name,
    is_name: true,
    width: "26%",
    cell: ({ name, key, sandbox, timezone }) => (
      <span>
        {name}
        <Text span size="xs" c="dimmed" fw={400} display="block">
          {[sandbox ? texts.sandbox : null, key, timezone].filter(Boolean).join(" · ")}
        </Text>
      </span>
    ),
  },
  {
    key: "status",
    title: texts.columns.status,
    cell: ({ status }) => (
      <Badge tone={status === "active" ? "good" : status === "pending" ? "warn" : "quiet"}>
        {texts.statuses[status]}
      </Badge>
    ),
  },
  { key: "ghl", title: texts.columns.ghl, cell: ({ ghl }) => <GhlState ghl={ghl} /> },
  { key: "stripe", title: texts.columns.stripe, from: "tablet", cell: ({ stripe }) => <StripeState stripe={stripe} /> },
  {
    key: "api",
    title: texts.columns.api,
    from: "tablet",
    cell: ({ api_clients, api_last_used_at: at }) => (
      <span>
        {texts.clients(api_clients)}
        {at !== null && (
          <Text span size="xs" c="dimmed" display="block">
            {texts.used} <Ago at={at} />
          </Text>
        )}
      </span>
    ),
  },
  {
    key: "dead",
    title: texts.columns.dead,
    is_figure: true,
    cell: ({ dead_events }) => (
      <Text span size="sm" {...(dead_events > 0 ? { c: "var(--k-bad)", fw: 600 } : { c: "dimmed" })}>
        {texts.dead(dead_events)}
      </Text>
    ),
  },
];
