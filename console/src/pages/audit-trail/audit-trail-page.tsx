import { Button } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useWorkspaceHere } from "../../api/place.ts";
import { useWorkspacePages, useWorkspaceRead } from "../../api/workspace-api.ts";
import { actionInWords, auditTexts } from "../../texts/audit.ts";
import { uiTexts } from "../../texts/ui.ts";
import type { Column } from "../../ui/data-table.tsx";
import { DayRangeFilter, instantsOf } from "../../ui/day-range-filter.tsx";
import { FilterBar, SearchFilter, SelectFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Page } from "../../ui/page.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { When } from "../../ui/when.tsx";
import { nameOf } from "../users/user.ts";
import { actorOf, type AuditEvent } from "./audit-event.ts";
import { AuditPanel } from "./audit-panel.tsx";

const { columns: titles } = auditTexts;

const COLUMNS: readonly Column<AuditEvent>[] = [
  { key: "when", title: titles.when, width: 160, cell: ({ at }) => <When at={at} style="short" /> },
  { key: "what", title: titles.what, is_name: true, cell: ({ action }) => actionInWords(action) },
  { key: "subject", title: titles.subject, cell: ({ subject }) => subject },
  { key: "who", title: titles.who, cell: actorOf },
  { key: "location", title: titles.location, from: "laptop", cell: ({ location }) => location?.name },
  { key: "from", title: titles.from, from: "laptop", cell: ({ ip }) => ip },
];

/** What people and commands changed in the workspace, searchable; newest first. */
export function AuditTrailPage() {
  const { locations } = useWorkspaceHere();
  const { values, set, clear, is_set } = useFilters(["search", "user", "action", "location", "from", "to"]);
  const [opened, setOpened] = useState<AuditEvent | null>(null);
  const query = {
    search: values.search,
    user_id: values.user,
    action: values.action,
    location_id: values.location,
    ...instantsOf(values),
  };
  const pages = useWorkspacePages("/audit-events", { query }, ({ audit_events }) => audit_events);
  const { data: people } = useWorkspaceRead("/users", {});
  const { data: known } = useWorkspaceRead("/audit-actions", {});
  return (
    <Page title={auditTexts.title} about={auditTexts.about}>
      <FilterBar onClear={is_set && clear}>
        <SearchFilter
          label={auditTexts.search}
          placeholder={auditTexts.search}
          value={values.search}
          onChange={(search) => set({ search })}
        />
        <SelectFilter
          label={auditTexts.person}
          options={(people?.users ?? []).map((user) => ({ value: user.user_id, label: nameOf(user) }))}
          value={values.user}
          onChange={(user) => set({ user })}
        />
        <SelectFilter
          label={auditTexts.action}
          options={(known?.actions ?? []).map((action) => ({ value: action, label: actionInWords(action) }))}
          value={values.action}
          onChange={(action) => set({ action })}
        />
        <SelectFilter
          label={auditTexts.location}
          options={locations.map(({ location_id, name }) => ({ value: location_id, label: name }))}
          value={values.location}
          onChange={(location) => set({ location })}
        />
        <DayRangeFilter label={auditTexts.days} value={values} onChange={set} />
      </FilterBar>
      <PagedTable
        label={auditTexts.title}
        pages={pages}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        nameOf={({ action }) => actionInWords(action)}
        onOpen={setOpened}
        empty={
          <EmptyState
            icon={IconListSearch}
            {...(is_set ? auditTexts.none_found : auditTexts.none)}
            action={is_set && <Button variant="default" onClick={clear} children={uiTexts.clear_filters} />}
          />
        }
      />
      {opened && <AuditPanel event={opened} onClose={() => setOpened(null)} />}
    </Page>
  );
}
