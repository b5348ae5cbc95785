import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useRead, type Answer } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { useSession } from "../../api/session.ts";
import { locationsTexts, locationTexts } from "../../texts/locations.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { Failure } from "../../ui/server-form.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { Ago, When } from "../../ui/when.tsx";
import { Facts } from "../../ui/why.tsx";
import { BalanceFieldDialog } from "./balance-field-dialog.tsx";
import { useConnectGhl } from "./connect-ghl.tsx";
import type { Health } from "./location-settings-page.tsx";

const { ghl: texts } = locationTexts;

type Connection = Answer<"/ghl/connection">["connection"];

/** How the location stands with GoHighLevel, and what of it does not work. */
export function GhlSection({ health: { ghl, sandbox, status } }: { health: Health }) {
  const may_change = useMayChange();
  const session = useSession();
  const { go, is_going, failure } = useConnectGhl();
  const is_connected = ghl.status === "connected";
  const may_connect = may_change && session.ghl && !sandbox && !is_connected;
  return (
    <Section
      title={texts.title}
      actions={
        may_connect && (
          <Button variant="default" loading={is_going} onClick={() => void go()}>
            {ghl.status === "not_connected" ? texts.connect : texts.reinstall}
          </Button>
        )
      }
    >
      <Failure error={failure} />
      {ghl.status === "not_connected" ? (
        <Text size="sm" c="dimmed">
          {session.ghl ? `${texts.nothing} ${sandbox ? "" : texts.connect_about}` : texts.off}
        </Text>
      ) : (
        <Stack gap="md">
          <Facts
            facts={[
              {
                label: texts.status,
                value: <Badge tone={is_connected ? "good" : "bad"}>{locationsTexts.ghl[ghl.status]}</Badge>,
              },
              { label: texts.location, value: ghl.ghl_location_id && <code>{ghl.ghl_location_id}</code> },
              { label: texts.installed, value: ghl.installed_at && <When at={ghl.installed_at} /> },
              {
                label: texts.last_webhook,
                value: ghl.last_webhook_at ? <Ago at={ghl.last_webhook_at} /> : texts.none_yet,
              },
            ]}
          />
          <Details may_choose={may_change && is_connected && status === "active"} />
        </Stack>
      )}
    </Section>
  );
}

function Details({ may_choose }: { may_choose: boolean }) {
  const query = useRead("/ghl/connection", {});
  const settings = useRead("/settings", {});
  const [is_choosing, setChoosing] = useState(false);
  const field_id = settings.data?.balance_field_id ?? null;
  return (
    <Loaded query={query}>
      {({ connection: { polls, balances } }) => (
        <>
          {polls.length > 0 && (
            <div>
              <Text size="xs" c="dimmed" mb={4}>
                {texts.polls}
              </Text>
              <DataTable
                label={texts.polls}
                columns={POLLS}
                rows={polls}
                keyOf={({ kind }) => kind}
                toneOf={({ trouble }) => (trouble === null ? undefined : "warn")}
              />
            </div>
          )}
          <Facts
            facts={[
              { label: texts.balances, value: texts.balances_waiting(balances.waiting) },
              ...(balances.troubled.length > 0
                ? [{ label: texts.trouble, value: texts.troubled(balances.troubled.length) }]
                : []),
              {
                label: texts.field,
                value: (
                  <>
                    {field_id === null ? texts.field_auto : <code>{field_id}</code>}{" "}
                    {may_choose && (
                      <Button variant="subtle" size="compact-xs" onClick={() => setChoosing(true)}>
                        {texts.field_change}
                      </Button>
                    )}
                  </>
                ),
              },
            ]}
          />
          {is_choosing && <BalanceFieldDialog field_id={field_id} onClose={() => setChoosing(false)} />}
        </>
      )}
    </Loaded>
  );
}

const POLLS: readonly Column<Connection["polls"][number]>[] = [
  { key: "kind", title: texts.poll_columns.kind, is_name: true, cell: ({ kind }) => texts.kinds[kind] },
  {
    key: "at",
    title: texts.poll_columns.at,
    cell: ({ succeeded_at: at }) => (at === null ? texts.none_yet : <When at={at} style="short" />),
  },
  {
    key: "trouble",
    title: texts.poll_columns.trouble,
    cell: ({ trouble, failures }) => (trouble === null ? texts.well : texts.failed(failures, trouble)),
  },
];
