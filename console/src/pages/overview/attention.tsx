import { Anchor, Button, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import { EVENT_REASONS } from "../../../../server/src/rules/event-reasons.ts";
import { DETAILS, REFUSALS } from "../../../../server/src/rules/reasons.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { Money } from "../../ui/amounts.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import type { Overview } from "./overview-page.tsx";
import { whereOf, whereOfRow } from "./where.ts";
import classes from "./overview.module.css";

const { attention: texts } = overviewTexts;
const MAX_SHOWN = 3;

type Kind = Overview["attention"][number];
type Row = Kind["first"][number];

/** Kinds that make a studio lose track, before those that wait for a decision. */
const BAD = new Set<Kind["kind"]>(["disconnected", "failed_webhook", "unmatched_payment", "unfunded_booking"]);

/** What waits for a person, each kind with its one button. */
export function Attention({ attention }: { attention: Overview["attention"] }) {
  return (
    <Section title={texts.title}>
      {attention.length === 0 ? (
        <p className={classes.calm}>
          <IconCircleCheck size={18} stroke={1.6} aria-hidden />
          {texts.nothing}
        </p>
      ) : (
        <ul className={classes.attention}>
          {attention.map((kind) => (
            <AttentionRow key={kind.kind} kind={kind} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function AttentionRow({ kind: { kind, count, first } }: { kind: Kind }) {
  const { location_id } = useLocationHere();
  const { title, about, go } = texts.kinds[kind];
  const shown = first.slice(0, MAX_SHOWN);
  return (
    <li data-tone={BAD.has(kind) ? "bad" : "warn"}>
      <span className={classes.count}>{formatNumber(count)}</span>
      <div className={classes.what}>
        <Text size="sm" fw={600}>
          {title}
          <Text span size="sm" fw={400} c="dimmed">
            {" "}
            {about}
          </Text>
        </Text>
        {shown.map((row) => (
          <AttentionItem key={row.id} kind={kind} row={row} />
        ))}
        {count > shown.length && (
          <Text size="xs" c="dimmed">
            {texts.more(count - shown.length)}
          </Text>
        )}
      </div>
      <Button variant="default" component={Link} to={whereOf(location_id, { kind, count, first })}>
        {go}
      </Button>
    </li>
  );
}

function AttentionItem({ kind, row }: { kind: Kind["kind"]; row: Row }) {
  const { location_id } = useLocationHere();
  const { id, title, reason, external_contact_id, contact_name, amount_cents, currency, at } = row;
  const known: Record<string, string | undefined> = texts.connections;
  const what = kind === "disconnected" ? (known[id] ?? id) : title;
  const to = whereOfRow(location_id, kind, row);
  return (
    <Text size="xs" className={classes.item} component="div">
      {external_contact_id !== null && (
        <Anchor component={Link} to={paths.contact(location_id, external_contact_id)} inherit>
          {contact_name ?? external_contact_id}
        </Anchor>
      )}
      {what !== null &&
        (to === null ? <span>{what}</span> : <Anchor component={Link} to={to} inherit children={what} />)}
      {amount_cents !== null && currency !== null && <Money cents={amount_cents} currency={currency} />}
      {reason !== null && <span className={classes.soft}>{wordsOf(reason)}</span>}
      {at !== null && (
        <span className={classes.soft}>
          <When at={at} style="short" />
        </span>
      )}
    </Text>
  );
}

function wordsOf(reason: string): string {
  const own: Record<string, string | undefined> = texts.reasons;
  const rules: Record<string, { meaning: string } | undefined> = { ...REFUSALS, ...DETAILS, ...EVENT_REASONS };
  return own[reason] ?? rules[reason]?.meaning ?? reason;
}
