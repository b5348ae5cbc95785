import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useParams } from "react-router";
import { useRead, type Answer } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { providerTexts } from "../../texts/entries.ts";
import { webhookEventTexts as texts, webhookTexts } from "../../texts/webhook-events.ts";
import { BookedEntries } from "../../ui/booked-entries.tsx";
import { CopyIcon, Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { MemberLink } from "../../ui/member-link.tsx";
import { Note } from "../../ui/note.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import { Facts, type Fact } from "../../ui/why.tsx";
import { AttemptTable } from "./attempt-table.tsx";
import { EventStatusBadge, outcomeInWords } from "./event-outcome.tsx";
import { GiveUpDialog } from "./give-up-dialog.tsx";
import { ReplayButton } from "./replay-button.tsx";
import classes from "./webhook-events.module.css";

type Detail = Answer<"/webhook-events/{id}">["webhook_event"];

/** Deliveries that can be left alone for good. */
const OPEN: readonly Detail["status"][] = ["dead", "failed", "waiting"];

/** How often its page looks again, by where it stands: what waits to be taken soon, what is tried later now and then. */
const REFETCH_MS: Partial<Record<Detail["status"], number>> = { received: 1000, waiting: 15_000, failed: 15_000 };

/** One delivery: what it said, its attempts, and what it changed in the books. */
export function WebhookEventPage() {
  const { event_id = "" } = useParams();
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const query = useRead(
    "/webhook-events/{id}",
    { path: { id: event_id } },
    { refetch_ms: ({ webhook_event: { status } }) => REFETCH_MS[status] ?? false },
  );
  const event = query.data?.webhook_event;
  return (
    <Page
      title={event?.type ?? webhookTexts.title}
      within={{ title: webhookTexts.title, to: paths.webhookEvents(location_id) }}
      beside={event && <EventStatusBadge status={event.status} />}
      {...(may_change && event && { actions: <Actions event={event} /> })}
    >
      <Loaded query={query}>{({ webhook_event }) => <Body event={webhook_event} />}</Loaded>
    </Page>
  );
}

function Actions({ event }: { event: Detail }) {
  const [is_giving_up, setGivingUp] = useState(false);
  const is_open = OPEN.includes(event.status);
  return (
    <Group gap="xs">
      {is_open && <Button variant="default" onClick={() => setGivingUp(true)} children={webhookTexts.give_up.action} />}
      <ReplayButton event={event} size="xs" variant={is_open ? "filled" : "default"} />
      {is_giving_up && <GiveUpDialog id={event.id} onClose={() => setGivingUp(false)} />}
    </Group>
  );
}

function Body({ event }: { event: Detail }) {
  const { attempt_log, entries, body, body_encoding, headers, contacts } = event;
  const payload = body_encoding === "utf8" ? prettyJson(body) : body;
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <OutcomeNote event={event} />
        <Section title={texts.entries}>
          {entries.length > 0 ? (
            <BookedEntries label={texts.entries} entries={entries} />
          ) : (
            <Text size="sm" c="dimmed" children={texts.no_entries} />
          )}
        </Section>
        <Section title={texts.attempts}>
          {attempt_log.length > 0 ? (
            <AttemptTable attempts={attempt_log} />
          ) : (
            <Text size="sm" c="dimmed" children={texts.no_attempts} />
          )}
        </Section>
        <Section title={texts.payload} actions={<CopyIcon value={body} what={texts.payload} />}>
          {body_encoding === "base64" && <Text size="sm" c="dimmed" children={texts.payload_base64} />}
          <pre className={classes.payload} tabIndex={0} role="group" aria-label={texts.body}>
            {payload}
          </pre>
        </Section>
      </div>
      <div className={classes.main}>
        <Section title={texts.facts}>
          <Facts facts={factsOf(event)} />
        </Section>
        {contacts.length > 0 && (
          <Section title={texts.contacts}>
            <Group gap="xs">
              {contacts.map((contact) => (
                <Text key={contact} span size="sm">
                  <MemberLink id={contact} name={null} />
                </Text>
              ))}
            </Group>
          </Section>
        )}
        {Object.keys(headers).length > 0 && (
          <Section title={texts.headers}>
            <Facts facts={Object.entries(headers).map(([label, value]) => ({ label, value }))} />
          </Section>
        )}
      </div>
    </div>
  );
}

/** What came of it in words, and what can be done about it. */
function OutcomeNote({ event: { outcome, detail, status } }: { event: Detail }) {
  // What is due again has the outcome of its last attempt until it is taken.
  if (outcome === null || status === "received") return null;
  const { meaning, remedy } = outcomeInWords(outcome, detail);
  const tone = status === "dead" ? "bad" : status === "failed" || status === "waiting" ? "warn" : "quiet";
  return (
    <Note tone={tone}>
      {meaning}
      {status === "ignored" && detail !== null && <Text size="sm" component="div" fs="italic" children={detail} />}
      {remedy !== null && <Text size="sm" c="dimmed" component="div" children={remedy} />}
    </Note>
  );
}

function factsOf(event: Detail): Fact[] {
  const { fact_names: names } = texts;
  const { provider, verification, told_at, received_at, finished_at, next_attempt_at, is_late } = event;
  return [
    { label: names.source, value: providerTexts[provider] },
    { label: names.verified, value: webhookTexts.verifications[verification] },
    { label: names.told, value: <When at={told_at} /> },
    { label: names.received, value: <When at={received_at} /> },
    ...(is_late ? [{ label: webhookTexts.late, value: webhookTexts.late_about }] : []),
    ...(finished_at === null ? [] : [{ label: names.finished, value: <When at={finished_at} /> }]),
    ...(next_attempt_at === null ? [] : [{ label: names.next, value: <When at={next_attempt_at} /> }]),
    { label: names.event_id, value: <Identity id={event.external_event_id} short /> },
    { label: names.id, value: <Identity id={event.id} short /> },
    { label: names.correlation, value: <Identity id={event.correlation_id} short /> },
  ];
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
