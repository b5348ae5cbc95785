import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Shape } from "../../api/location-api.ts";
import { useNow } from "../../api/use-now.ts";
import { contactTexts, membershipTexts } from "../../texts/contact.ts";
import { formatDay, formatNumber } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { StatusBadge, type Status } from "../../ui/status-badge.tsx";
import { LastDay, When } from "../../ui/when.tsx";
import classes from "./memberships.module.css";

type Membership = Shape<"Membership">;
type Freeze = Shape<"Freeze">;

interface MembershipsProps {
  memberships: readonly Membership[];
  /** The menu of what can be done with one. */
  actions: (membership: Membership) => ReactNode;
}

/** The member's recurring agreements: how they stand, the period that runs, what comes next. */
export function Memberships({ memberships, actions }: MembershipsProps) {
  const live = memberships.filter(({ status }) => status !== "ended");
  const ended = memberships.length - live.length;
  if (memberships.length === 0) return null;
  return (
    <Section title={contactTexts.memberships}>
      {live.map((membership) => (
        <div key={membership.id} className={classes.membership}>
          <div className={classes.head}>
            <Text component="h3" size="sm" fw={600}>
              {membership.name}
            </Text>
            <StatusBadge status={statusOf(membership)} />
            <span className={classes.actions}>{actions(membership)}</span>
          </div>
          <Period membership={membership} />
          <WhatComes membership={membership} />
          {membership.freezes.filter(isAhead).map((freeze) => (
            <FreezeLine key={freeze.id} freeze={freeze} />
          ))}
        </div>
      ))}
      {ended > 0 && (
        <Text size="xs" c="dimmed">
          {membershipTexts.past(formatNumber(ended))}
        </Text>
      )}
    </Section>
  );
}

function statusOf({ status, is_frozen, ends_at }: Membership): Status {
  if (is_frozen) return "frozen";
  return status === "active" && ends_at !== null ? "ending" : status;
}

function isAhead({ status }: Freeze): boolean {
  return status === "active" || status === "planned";
}

function Period({ membership: { period } }: { membership: Membership }) {
  const now = useNow();
  if (!period) return <Text size="xs" c="dimmed" children={membershipTexts.no_period} />;
  const start = Date.parse(period.start_at);
  const end = Date.parse(period.end_at);
  const passed = Math.min(Math.max((now - start) / (end - start), 0), 1);
  const percent = `${Math.round(passed * 100)}%`;
  return (
    <div>
      <div className={classes.period} role="img" aria-label={membershipTexts.progress(percent)}>
        <span style={{ width: percent }} />
      </div>
      <div className={classes.dates}>
        <When at={period.start_at} style="day" />
        <LastDay before={period.end_at} />
      </div>
    </div>
  );
}

function WhatComes({ membership }: { membership: Membership }) {
  const { ends_at, grace_until, status, next_boundary_at, renewal } = membership;
  if (ends_at !== null) {
    return (
      <Line>
        {membershipTexts.ends} <When at={ends_at} style="day" />
      </Line>
    );
  }
  if (status === "past_due" && grace_until !== null) {
    return (
      <Line>
        {membershipTexts.grace} <LastDay before={grace_until} />
      </Line>
    );
  }
  if (next_boundary_at === null) return null;
  return (
    <Line>
      {membershipTexts.renews} <When at={next_boundary_at} style="day" />, {membershipTexts.renewals[renewal]}
    </Line>
  );
}

function FreezeLine({ freeze: { status, from_on, to_on, days, is_open } }: { freeze: Freeze }) {
  const { frozen, freeze_planned, until, open_end } = membershipTexts;
  return (
    <Line>
      {status === "active" ? frozen : freeze_planned} {formatDay(from_on)}{" "}
      {is_open ? open_end : `${until(formatDay(to_on))} (${membershipTexts.days(formatNumber(days))})`}
    </Line>
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed" component="div">
      {children}
    </Text>
  );
}
