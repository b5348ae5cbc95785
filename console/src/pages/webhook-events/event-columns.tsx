import { Tooltip } from "@mantine/core";
import { providerTexts } from "../../texts/entries.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { Credits } from "../../ui/amounts.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";
import { EventStatusBadge, outcomeInWords, type WebhookEvent } from "./event-outcome.tsx";
import classes from "./webhook-events.module.css";

const { columns: titles } = webhookTexts;

export const EVENT_COLUMNS: readonly Column<WebhookEvent>[] = [
  {
    key: "received",
    title: titles.received,
    width: 170,
    cell: ({ received_at }) => <When at={received_at} style="short" />,
  },
  { key: "type", title: titles.type, is_name: true, cell: ({ type }) => type },
  { key: "source", title: titles.source, from: "tablet", cell: ({ provider }) => providerTexts[provider] },
  {
    key: "verified",
    title: titles.verified,
    from: "laptop",
    cell: ({ verification, is_late }) => (
      <span>
        {webhookTexts.verifications[verification]}
        {is_late && (
          <Tooltip label={webhookTexts.late_about}>
            <span>
              {" "}
              <Badge tone="warn">{webhookTexts.late}</Badge>
            </span>
          </Tooltip>
        )}
      </span>
    ),
  },
  { key: "status", title: titles.outcome, width: 150, cell: ({ status }) => <EventStatusBadge status={status} /> },
  { key: "came", title: titles.came, from: "laptop", cell: (event) => <WhatCame event={event} /> },
  {
    key: "attempts",
    title: titles.attempts,
    is_figure: true,
    from: "tablet",
    cell: ({ attempts }) => <Credits value={attempts} />,
  },
];

function WhatCame({ event: { outcome, detail } }: { event: WebhookEvent }) {
  if (outcome === null) return null;
  const { meaning } = outcomeInWords(outcome, detail);
  return (
    <span className={classes.outcome} title={meaning}>
      {meaning}
    </span>
  );
}
