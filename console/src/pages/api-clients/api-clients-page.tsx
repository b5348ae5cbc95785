import { Anchor, Button, Text } from "@mantine/core";
import { IconApi, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { apiClientsTexts as texts } from "../../texts/api-clients.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Ago, When } from "../../ui/when.tsx";
import { ClientFormDialog } from "./client-form-dialog.tsx";
import type { ClientRow } from "./client-row.ts";
import { OnOff } from "./on-off.tsx";
import { ScopeList } from "./scope-list.tsx";

const { columns: titles } = texts;
const FRESH_MS = 4000;

const COLUMNS: readonly Column<ClientRow>[] = [
  {
    key: "name",
    title: titles.name,
    is_name: true,
    width: "28%",
    cell: ({ name, key, active }) => (
      <span>
        <Text span inherit {...(!active && { c: "dimmed" })}>
          {name}
        </Text>
        <Text span size="xs" c="dimmed" fw={400} display="block">
          {key}
        </Text>
      </span>
    ),
  },
  { key: "scopes", title: titles.scopes, cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
  {
    key: "last_used",
    title: titles.last_used,
    cell: ({ last_used_at: at }) =>
      at === null ? <Text size="sm" c="dimmed" children={texts.never_used} /> : <Ago at={at} />,
  },
  {
    key: "created",
    title: titles.created,
    from: "laptop",
    cell: ({ created_at }) => <When at={created_at} style="day" />,
  },
  { key: "status", title: titles.status, cell: ({ active }) => <OnOff active={active} /> },
];

/** The programs that may call the machine API of the location. */
export function ApiClientsPage() {
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const query = useRead("/api-clients", {}, { refetch_ms: FRESH_MS });
  const [is_making, setMaking] = useState(false);
  const make = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      {texts.new_client}
    </Button>
  );
  const is_empty = query.data?.api_clients.length === 0;
  return (
    <Page
      title={texts.title}
      about={
        <>
          {texts.about}{" "}
          <Anchor href="/docs/api" target="_blank" inherit underline="always">
            {texts.reference}
          </Anchor>
        </>
      }
      actions={may_change && !is_empty && make}
    >
      <Loaded query={query}>
        {({ api_clients }) =>
          api_clients.length === 0 ? (
            <EmptyState icon={IconApi} {...texts.none} action={may_change && make} />
          ) : (
            <DataTable
              label={texts.title}
              columns={COLUMNS}
              rows={api_clients}
              keyOf={({ id }) => id}
              linkTo={({ id }) => paths.apiClient(location_id, id)}
            />
          )
        }
      </Loaded>
      {is_making && <ClientFormDialog client={null} onClose={() => setMaking(false)} />}
    </Page>
  );
}
