import { Button } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { useState } from "react";
import { usePages } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { providerTexts } from "../../texts/entries.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { DayRangeFilter, instantsOf } from "../../ui/day-range-filter.tsx";
import { EmptyList } from "../../ui/empty-list.tsx";
import { ChipFilter, FilterBar, SearchFilter, SelectFilter, useFilters } from "../../ui/filter-bar.tsx";
import { Page } from "../../ui/page.tsx";
import { PagedTable } from "../../ui/paged-table.tsx";
import { EVENT_COLUMNS } from "./event-columns.tsx";
import type { EventStatus, WebhookEvent } from "./event-outcome.tsx";
import { ReplayButton } from "./replay-button.tsx";
import { ReplayRangeDialog } from "./replay-range-dialog.tsx";

const CHIPS = (["dead", "failed", "waiting", "ignored", "done"] as const).map((value) => ({
  value,
  label: webhookTexts.statuses[value],
}));
const PROVIDERS = (["ghl", "stripe"] as const).map((value) => ({ value, label: providerTexts[value] }));

/** Everything that providers delivered for the location, newest first; what is dead stands out. */
export function WebhookEventsPage() {
  const { location_id, timezone } = useLocationHere();
  const may_change = useMayChange();
  const { values, set, clear, is_set } = useFilters(["search", "status", "provider", "type", "from", "to"]);
  const [is_replaying, setReplaying] = useState(false);
  const query = {
    search: values.search,
    status: values.status as EventStatus,
    provider: values.provider as WebhookEvent["provider"],
    type: values.type,
    ...instantsOf(values, timezone),
  };
  const pages = usePages("/webhook-events", { query }, ({ webhook_events }) => webhook_events);
  const where = { to: paths.locationSettings(location_id), is_filtered: is_set, onClear: clear };
  const range = (
    <Button variant="default" onClick={() => setReplaying(true)}>
      {webhookTexts.replay.range}
    </Button>
  );
  return (
    <Page title={webhookTexts.title} {...(may_change && { actions: range })}>
      <FilterBar onClear={is_set && clear}>
        <SearchFilter
          label={webhookTexts.search}
          placeholder={webhookTexts.search}
          value={values.search}
          onChange={(search) => set({ search })}
        />
        <SelectFilter
          label={webhookTexts.provider}
          options={PROVIDERS}
          value={values.provider}
          onChange={(provider) => set({ provider })}
        />
        <SearchFilter
          label={webhookTexts.type}
          placeholder={webhookTexts.type}
          value={values.type}
          onChange={(type) => set({ type })}
        />
        <DayRangeFilter label={webhookTexts.days} value={values} onChange={set} />
        <ChipFilter
          label={webhookTexts.filter}
          options={CHIPS}
          value={values.status}
          onChange={(status) => set({ status })}
        />
      </FilterBar>
      <PagedTable
        label={webhookTexts.title}
        pages={pages}
        columns={EVENT_COLUMNS}
        keyOf={({ id }) => id}
        nameOf={({ type }) => type}
        linkTo={({ id }) => paths.webhookEvent(location_id, id)}
        toneOf={({ status }) => (status === "dead" ? "bad" : status === "failed" ? "warn" : undefined)}
        {...(may_change && {
          actions: (event: WebhookEvent) =>
            (event.status === "dead" || event.status === "failed") && <ReplayButton event={event} />,
        })}
        empty={<EmptyList icon={IconWebhook} texts={webhookTexts} {...where} />}
      />
      {is_replaying && <ReplayRangeDialog initial={values} onClose={() => setReplaying(false)} />}
    </Page>
  );
}
