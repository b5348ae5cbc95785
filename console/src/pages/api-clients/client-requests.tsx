import { Button, Text } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { useState } from "react";
import { useRead, type Answer } from "../../api/location-api.ts";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import { Credits } from "../../ui/amounts.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Figure, Figures } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Ago, Day } from "../../ui/when.tsx";
import classes from "./api-clients.module.css";

const { requests: texts, days: dayTexts, figures } = apiClientsTexts;
const FRESH_MS = 4000;
const FIRST_ROWS = 20;

type Asked = Answer<"/api-clients/{client_id}/requests">;
type RequestRow = Asked["requests"][number];
type DayRow = Asked["days"][number];

/** What a client asked and was answered, as it comes in, and how often it was refused. */
export function ClientRequests({ client_id }: { client_id: string }) {
  const query = useRead("/api-clients/{client_id}/requests", { path: { client_id } }, { refetch_ms: FRESH_MS });
  return (
    <Loaded query={query}>
      {({ requests, days }) => (
        <>
          <Totals days={days} />
          <Section title={texts.title}>
            {requests.length === 0 ? (
              <EmptyState icon={IconTerminal2} title={texts.waiting} about={texts.waiting_about} />
            ) : (
              <>
                <Text size="sm" c="dimmed">
                  {texts.about}
                </Text>
                <Requests requests={requests} />
              </>
            )}
          </Section>
          {days.length > 0 && (
            <Section title={dayTexts.title}>
              <Text size="sm" c="dimmed">
                {dayTexts.about}
              </Text>
              <DataTable label={dayTexts.title} columns={DAYS} rows={days} keyOf={({ day }) => day} />
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}

function Requests({ requests }: { requests: readonly RequestRow[] }) {
  const [is_all, setAll] = useState(false);
  return (
    <>
      <DataTable
        label={texts.title}
        columns={REQUESTS}
        rows={is_all ? requests : requests.slice(0, FIRST_ROWS)}
        keyOf={({ correlation_id }) => correlation_id}
        toneOf={toneOf}
      />
      {!is_all && requests.length > FIRST_ROWS && (
        <div>
          <Button variant="default" onClick={() => setAll(true)}>
            {texts.show_all(requests.length)}
          </Button>
        </div>
      )}
    </>
  );
}

function Totals({ days }: { days: readonly DayRow[] }) {
  const sum = (field: "requests" | "refused" | "rate_limited") =>
    formatNumber(days.reduce((total, day) => total + day[field], 0));
  const last = days.find(({ last_rate_limited_at }) => last_rate_limited_at !== null)?.last_rate_limited_at ?? null;
  return (
    <Figures>
      <Figure label={figures.requests}>{sum("requests")}</Figure>
      <Figure label={figures.refused} hint={figures.refused_about}>
        {sum("refused")}
      </Figure>
      <Figure
        label={figures.limited}
        hint={
          last === null ? (
            figures.never_limited
          ) : (
            <>
              {figures.last_limited} <Ago at={last} />
            </>
          )
        }
      >
        {sum("rate_limited")}
      </Figure>
    </Figures>
  );
}

/** Upper case is a no (api-v2: a rule, not a habit). */
function isRefusal(reason_code: string | null): boolean {
  return reason_code !== null && reason_code === reason_code.toUpperCase();
}

function toneOf({ status, reason_code }: RequestRow): "bad" | "warn" | undefined {
  if (status >= 400) return "bad";
  return isRefusal(reason_code) ? "warn" : undefined;
}

const REQUESTS: readonly Column<RequestRow>[] = [
  { key: "at", title: texts.columns.at, width: 130, cell: ({ received_at }) => <Ago at={received_at} /> },
  {
    key: "route",
    title: texts.columns.route,
    is_name: true,
    cell: ({ method, route }) => (
      <code>
        {method} {route}
      </code>
    ),
  },
  {
    key: "answer",
    title: texts.columns.answer,
    cell: ({ status, reason_code }) => (
      <code className={status >= 400 || isRefusal(reason_code) ? classes.refused : undefined}>
        {status} {reason_code}
      </code>
    ),
  },
  {
    key: "duration",
    title: texts.columns.duration,
    is_figure: true,
    from: "tablet",
    cell: ({ duration_ms }) => texts.ms(duration_ms),
  },
  {
    key: "correlation",
    title: texts.columns.correlation,
    from: "laptop",
    cell: ({ correlation_id }) => <Identity id={correlation_id} short />,
  },
];

const DAYS: readonly Column<DayRow>[] = [
  { key: "day", title: dayTexts.columns.day, is_name: true, cell: ({ day }) => <Day on={day} /> },
  {
    key: "requests",
    title: dayTexts.columns.requests,
    is_figure: true,
    cell: ({ requests }) => <Credits value={requests} />,
  },
  {
    key: "refused",
    title: dayTexts.columns.refused,
    is_figure: true,
    cell: ({ refused }) => <Credits value={refused} />,
  },
  {
    key: "limited",
    title: dayTexts.columns.limited,
    is_figure: true,
    cell: ({ rate_limited }) => <Credits value={rate_limited} />,
  },
];
