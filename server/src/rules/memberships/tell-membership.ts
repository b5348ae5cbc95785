import type { Instant } from "../time/local-days.ts";
import { boundaryDue, freezeAt, type Freeze, type Membership } from "./membership.ts";

const iso = (at: Instant) => new Date(at).toISOString();
const isoOrNull = (at: Instant | null) => (at === null ? null : iso(at));

/** A membership as answers tell it, as of `now`. */
export function tellMembership(membership: Membership, now: Instant) {
  const { id, product_config_id, status, renewal, started_at, grace_until, ends_at, next_config_id, freezes } =
    membership;
  const running = membership.periods.find(({ start_at, end_at }) => start_at <= now && now < end_at);
  return {
    id,
    product_config_id,
    status,
    is_frozen: status !== "ended" && freezeAt(membership, now) !== null,
    renewal,
    started_at: iso(started_at),
    period: running ? { start_at: iso(running.start_at), end_at: iso(running.end_at) } : null,
    next_boundary_at: isoOrNull(boundaryDue(membership)),
    grace_until: isoOrNull(grace_until),
    ends_at: isoOrNull(ends_at),
    next_product_config_id: next_config_id,
    subscription_id: membership.subscription_id,
    freezes: freezes.map(tellFreeze),
  };
}

export function tellFreeze({ id, from_on, to_on, is_open, days, status }: Freeze) {
  return { id, from_on, to_on, is_open, days, status };
}
