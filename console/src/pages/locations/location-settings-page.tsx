import { Alert, Group } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useRead, type Answer } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { locationsTexts, locationTexts as texts } from "../../texts/locations.ts";
import { Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";
import { EndSection } from "./end-section.tsx";
import { GhlSection } from "./ghl-section.tsx";
import { SandboxClock } from "./sandbox-clock.tsx";
import { SandboxEmbed } from "./sandbox-embed.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { StripeSection } from "./stripe-section.tsx";
import classes from "./locations.module.css";

export type Health = Answer<"/health">["location"];

const FRESH_MS = 15_000;

/** One location: how it stands, its rules, what it is connected to, and its clock where that can be moved. */
export function LocationSettingsPage() {
  const query = useRead("/health", {}, { refetch_ms: FRESH_MS });
  return (
    <Loaded query={query} loading={<Page title={texts.title} children={null} />}>
      {({ location }) => <Location health={location} />}
    </Loaded>
  );
}

function Location({ health }: { health: Health }) {
  const may_change = useMayChange();
  const { location_id, name, key, status, sandbox, timezone, now, created_at } = health;
  return (
    <Page
      title={texts.title}
      about={name}
      beside={
        <>
          <Badge tone={status === "active" ? "good" : status === "pending" ? "warn" : "bad"}>
            {locationsTexts.statuses[status]}
          </Badge>
          {sandbox && <Badge tone="warn">{locationsTexts.sandbox}</Badge>}
        </>
      }
    >
      {status !== "active" && (
        <Alert variant="light" color={status === "pending" ? "yellow" : "red"} icon={<IconPlugConnectedX size={16} />}>
          {status === "pending" ? texts.pending : texts.disconnected}
        </Alert>
      )}
      <Group gap="6px 20px" c="dimmed" fz="sm">
        <Identity id={location_id} />
        <span>
          {texts.facts.key} <code>{key}</code>
        </span>
        <span>{timezone}</span>
        <span>
          {texts.facts.now} <When at={now} />
        </span>
        <span>
          {texts.facts.made} <When at={created_at} style="day" />
        </span>
      </Group>
      <div className={classes.sections}>
        {sandbox && may_change && status !== "disconnected" && (
          <>
            <SandboxClock now={now} />
            <SandboxEmbed />
          </>
        )}
        <SettingsForm />
        <div className={classes.columns}>
          <GhlSection health={health} />
          <StripeSection health={health} />
        </div>
        {may_change && <EndSection health={health} />}
      </div>
    </Page>
  );
}
