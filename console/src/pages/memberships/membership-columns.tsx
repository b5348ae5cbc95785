import type { Answer } from "../../api/location-api.ts";
import { membershipsTexts } from "../../texts/memberships.ts";
import type { Column } from "../../ui/data-table.tsx";
import { StatusBadge, type Status } from "../../ui/status-badge.tsx";
import { Day, LastDay, When } from "../../ui/when.tsx";

export type Membership = Answer<"/memberships">["memberships"][number];

const { columns: titles } = membershipsTexts;

/** What a membership's member is called by. */
export function memberName({ contact }: Membership): string {
  return contact.name ?? contact.email ?? contact.external_contact_id;
}

/** One word for how it stands: what asks for somebody comes first. */
function stateOf({ status, is_frozen, ends_at }: Membership): Status {
  if (status !== "active") return status;
  if (is_frozen) return "frozen";
  return ends_at === null ? "active" : "ending";
}

export const MEMBERSHIP_COLUMNS: readonly Column<Membership>[] = [
  { key: "member", title: titles.member, is_name: true, cell: memberName },
  { key: "plan", title: titles.plan, cell: ({ name }) => name },
  { key: "state", title: titles.state, width: 130, cell: (row) => <StatusBadge status={stateOf(row)} /> },
  {
    key: "period",
    title: titles.period,
    from: "tablet",
    cell: ({ period }) =>
      period && (
        <span>
          <When at={period.start_at} style="day" /> – <LastDay before={period.end_at} />
        </span>
      ),
  },
  { key: "next", title: titles.next, cell: (row) => <Next of={row} /> },
  {
    key: "renewal",
    title: titles.renewal,
    from: "laptop",
    cell: ({ renewal }) => membershipsTexts.renewals[renewal],
  },
];

/** What happens to it next, and when. */
function Next({ of }: { of: Membership }) {
  const { ends_at, grace_until, next_boundary_at, is_frozen, freezes } = of;
  const frozen = is_frozen ? freezes.find(({ status }) => status === "active") : undefined;
  if (frozen) {
    return (
      <span>
        {membershipsTexts.returns} <Day on={frozen.to_on} />
      </span>
    );
  }
  if (ends_at !== null) {
    return (
      <span>
        {membershipsTexts.ends} <When at={ends_at} style="day" />
      </span>
    );
  }
  if (grace_until !== null) {
    return (
      <span>
        {membershipsTexts.grace} <LastDay before={grace_until} />
      </span>
    );
  }
  if (next_boundary_at === null) return null;
  return (
    <span>
      {membershipsTexts.renews} <When at={next_boundary_at} style="day" />
    </span>
  );
}
