import { Progress, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { usePages } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { bulkTexts } from "../../texts/bulk.ts";
import { entryTypeTexts } from "../../texts/entries.ts";
import { changeTexts } from "../../texts/ui.ts";
import { formatNumber, formatSigned } from "../../ui/format.ts";
import { PagedTable } from "../../ui/paged-table.tsx";
import { WhatHappens } from "./bulk-item.tsx";
import type { BulkJob } from "./use-bulk-job.ts";
import classes from "./bulk-job.module.css";

const { columns: titles } = bulkTexts;

/** How far work is, what it comes to, and what becomes of each. */
export function BulkProgress({ job, is_current = true }: { job: BulkJob; is_current?: boolean }) {
  const { status, total, done, refused, is_preview } = job;
  const is_running = status === "running";
  const sums = sumsOf(job);
  return (
    <section className={classes.job} aria-label={changeTexts.effect} data-stale={!is_current || undefined}>
      <div className={classes.head} role="status">
        <Text size="sm" fw={600} children={headlineOf(job)} />
        {is_running && (
          <Text size="sm" c="dimmed">
            {bulkTexts.progress(formatNumber(done + refused), formatNumber(total))}
          </Text>
        )}
      </div>
      {is_running && (
        <Progress size="sm" value={total === 0 ? 0 : (100 * (done + refused)) / total} aria-label={headlineOf(job)} />
      )}
      {is_running && !is_preview && <Text size="xs" c="dimmed" children={bulkTexts.leave} />}
      {!is_current && <Text size="xs" c="dimmed" children={changeTexts.outdated} />}
      {!is_running && sums !== "" && <Text size="sm" c="dimmed" children={sums} />}
      {!is_running && <Items job={job} />}
    </section>
  );
}

function headlineOf({ status, total, done, refused, is_preview, kind }: BulkJob): string {
  const [all, made, not] = [formatNumber(total), formatNumber(done), formatNumber(refused)];
  if (status === "running") return is_preview ? bulkTexts.planning : bulkTexts.kinds[kind];
  if (status === "cancelled") return bulkTexts.cancelled(made, all);
  if (!is_preview) return bulkTexts.did(made, not);
  if (done === 0) return bulkTexts.would_none;
  return refused === 0 ? bulkTexts.would_all(made) : bulkTexts.would_some(made, not);
}

/** Everything added up: what is counted, in the order of the words, and the credits that move, by the type of their entries. */
function sumsOf({ summary }: BulkJob): string {
  const types: Record<string, string | undefined> = entryTypeTexts;
  const moved = Object.entries(summary).flatMap(([name, value]) => {
    const [what, type] = name.split(".");
    if (what !== "credits" || type === undefined || value === 0) return [];
    return bulkTexts.credits_of(types[type] ?? type, formatSigned(value));
  });
  const counted = (Object.keys(bulkTexts.sums) as (keyof typeof bulkTexts.sums)[]).flatMap((name) => {
    const value = summary[name] ?? 0;
    return value === 0 || (name === "credits" && moved.length > 0) ? [] : bulkTexts.sums[name](formatNumber(value));
  });
  return [...counted, ...moved].join(" · ");
}

function Items({ job: { id, kind, done, refused } }: { job: BulkJob }) {
  const { location_id } = useLocationHere();
  const [is_refused, setRefused] = useState(false);
  const query = is_refused ? { status: "refused" as const } : {};
  const pages = usePages("/bulk-work/{id}/items", { path: { id }, query }, ({ items }) => items);
  return (
    <>
      {refused > 0 && done > 0 && (
        <Switch
          size="xs"
          label={bulkTexts.refused_first}
          checked={is_refused}
          onChange={({ currentTarget }) => setRefused(currentTarget.checked)}
        />
      )}
      <div className={classes.items} tabIndex={0} role="group" aria-label={changeTexts.effect}>
        <PagedTable
          label={changeTexts.effect}
          pages={pages}
          keyOf={({ number }) => String(number)}
          toneOf={({ status }) => (status === "refused" ? "bad" : undefined)}
          linkTo={({ external_contact_id }) => paths.contact(location_id, external_contact_id)}
          columns={[
            { key: "member", title: titles.member, is_name: true, cell: (row) => row.name ?? row.external_contact_id },
            {
              key: "what",
              title: titles.what,
              is_bare: true,
              cell: (row) => (
                <Text size="sm" ta="start" flex={1} component="div">
                  <WhatHappens kind={kind} item={row} />
                </Text>
              ),
            },
          ]}
          empty={null}
        />
      </div>
    </>
  );
}
