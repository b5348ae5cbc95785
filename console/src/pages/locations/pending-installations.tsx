import { Text } from "@mantine/core";
import { useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { locationsTexts } from "../../texts/locations.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";

const { pending: texts } = locationsTexts;
const FRESH_MS = 10_000;

type Installation = WorkspaceAnswer<"/installations">["installations"][number];

const COLUMNS: readonly Column<Installation>[] = [
  {
    key: "company",
    title: texts.columns.company,
    is_name: true,
    cell: ({ company_name, company_id }) => company_name ?? <code>{company_id}</code>,
  },
  {
    key: "location",
    title: texts.columns.location,
    cell: ({ ghl_location_id: id }) => (id === null ? texts.agency : <code>{id}</code>),
  },
  {
    key: "status",
    title: texts.columns.status,
    cell: ({ status }) => <Badge tone={status === "needs_reinstall" ? "bad" : "quiet"}>{texts.statuses[status]}</Badge>,
  },
  { key: "installed", title: texts.columns.installed, cell: ({ installed_at }) => <When at={installed_at} /> },
];

/** What was installed for this workspace and is no location yet; nothing where there is none. */
export function PendingInstallations() {
  const { data } = useWorkspaceRead("/installations", {}, { refetch_ms: FRESH_MS });
  if (!data || data.installations.length === 0) return null;
  return (
    <Section title={texts.title}>
      <Text size="sm" c="dimmed">
        {texts.about}
      </Text>
      <DataTable label={texts.title} columns={COLUMNS} rows={data.installations} keyOf={({ id }) => id} />
    </Section>
  );
}
