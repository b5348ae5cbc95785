import fc from "fast-check";
import { CALENDARS, PRODUCTS } from "./products.ts";

/** One command of a member, with times told in hours from the location's now. */
export type Step =
  | { do: "grant"; member: string; product: string; payment: string; paid_in_hours: number }
  | {
      do: "check" | "deduct" | "restore";
      member: string;
      product?: string | undefined;
      calendar?: string | undefined;
      amount?: number | undefined;
      in_hours?: number | undefined;
      ref?: string | undefined;
    };

/** What goes wrong while a round is under way. */
export type Fault = "none" | "cut_before_commit" | "cut_after_commit" | "cut_connections" | "restart";

export type Round =
  /** Commands that are sent at once, to any of the processes; each may be sent twice, and everything is retried. */
  | { commands: Step[]; fault: Fault; is_doubled: boolean }
  /** Something that was answered before is asked again, word for word. */
  | { repeat: number }
  /** The location's clock moves on; without its jobs nothing that falls due is booked by it. */
  | { advance_hours: number; jobs: boolean }
  /** Commands while the workspace is suspended, or while a product is not sold. */
  | { commands: Step[]; while: "suspended" | { inactive: string } };

export interface History {
  zone: string;
  starts_at: string;
  rounds: Round[];
}

/** Plain objects, which print as what they are. */
const record = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(fields, { noNullPrototype: true });
const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
/** Left out two times of three. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
// Mostly one, so that much happens to the same lots.
const member = fc.oneof({ weight: 5, arbitrary: fc.constant("ann") }, { weight: 2, arbitrary: fc.constant("bob") });
const product = pick(["pack", "pack", "pack", "evergreen", "limited", ...PRODUCTS.map(({ key }) => key)]);
const calendar = pick(["yoga", "yoga", ...CALENDARS]);

const grant: fc.Arbitrary<Step> = record({
  do: fc.constant("grant" as const),
  member,
  product,
  payment: fc.nat(60).map((number) => `payment-${number}`),
  paid_in_hours: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -300, max: 24 }) },
  ),
});

const asking = {
  member,
  amount: maybe(fc.integer({ min: 1, max: 6 })),
  in_hours: maybe(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 250 }))),
};
// What is spent must be named: by product, by calendar, or both.
const named = fc.oneof(
  { weight: 4, arbitrary: record({ calendar }) },
  { weight: 2, arbitrary: record({ product }) },
  { weight: 1, arbitrary: record({ product, calendar }) },
);
const ref = pick(["a", "b", "c"]);

const check: fc.Arbitrary<Step> = fc
  .tuple(record({ do: fc.constant("check" as const), ...asking }), named)
  .map(([step, scope]) => ({ ...step, ...scope }));
const deduct: fc.Arbitrary<Step> = fc
  .tuple(record({ do: fc.constant("deduct" as const), ...asking, ref: maybe(ref) }), named)
  .map(([step, scope]) => ({ ...step, ...scope }));
const restore: fc.Arbitrary<Step> = fc.oneof(
  record({ do: fc.constant("restore" as const), ...asking, ref, in_hours: fc.constant(undefined) }),
  fc
    .tuple(record({ do: fc.constant("restore" as const), ...asking, ref: maybe(ref) }), named)
    .map(([step, scope]) => ({ ...step, ...scope })),
);

const command = fc.oneof(
  { weight: 5, arbitrary: grant },
  { weight: 6, arbitrary: deduct },
  { weight: 4, arbitrary: restore },
  { weight: 1, arbitrary: check },
);

const commands = fc.array(command, { minLength: 1, maxLength: 3, size: "max" });

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 15, arbitrary: fc.constant("none" as const) },
  { weight: 1, arbitrary: pick(["cut_before_commit", "cut_after_commit", "cut_connections", "restart"] as const) },
);

const round: fc.Arbitrary<Round> = fc.oneof(
  {
    weight: 12,
    arbitrary: record({
      commands,
      fault,
      is_doubled: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: record({ repeat: fc.nat(100) }) },
  {
    weight: 3,
    arbitrary: record({
      advance_hours: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 120, max: 200 })),
      jobs: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      commands,
      while: fc.oneof(fc.constant("suspended" as const), record({ inactive: product })),
    }),
  },
);

/** Places and times where days are odd: both changes of the clocks, half an hour of them, midnights that are missing, leap days. */
const beginning = pick([
  { zone: "America/New_York", starts_at: "2026-10-25T16:00:00Z" },
  { zone: "America/New_York", starts_at: "2027-01-31T23:30:00Z" },
  { zone: "Australia/Lord_Howe", starts_at: "2026-09-20T10:00:00Z" },
  { zone: "America/Santiago", starts_at: "2026-03-28T02:30:00Z" },
  { zone: "America/Santiago", starts_at: "2026-08-30T03:30:00Z" },
  { zone: "UTC", starts_at: "2028-01-31T00:00:00Z" },
]);

export function histories(max_rounds: number): fc.Arbitrary<History> {
  const rounds = fc.array(round, { minLength: 1, maxLength: max_rounds, size: "max" });
  // Without bias: small numbers come up anyway, and long histories are what it is about.
  return fc.noBias(fc.tuple(beginning, rounds).map(([start, given]) => ({ ...start, rounds: given })));
}
