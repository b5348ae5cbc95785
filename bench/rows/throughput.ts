import { CHECK, DEDUCT, type Arena, type Scenario } from "../arena.ts";
import { runPgbench } from "../baselines/pgbench.ts";
import { bestPoolSize } from "./pool-size.ts";
import { latency, processorTime, ratioGoal, samplesOf, throughput, type ComparedRow } from "./row.ts";

type Group = "single" | "spread" | "one_member";

async function targetsOf(arena: Arena, group: Group) {
  if (group !== "one_member") return arena.targets(group);
  return (await arena.targets("single")).map((target) => ({ ...target, members: 1 }));
}

/** A lone caller's latency is known after fewer seconds. */
function secondsOf(arena: Arena, connections: number): number {
  return connections === 1 ? arena.options.seconds / 2 : arena.options.seconds;
}

function ours(key: string, group: Group, connections: number, what: typeof DEDUCT | typeof CHECK = DEDUCT): Scenario {
  return {
    key,
    run: async (arena) =>
      arena.measure(await arena.kotally(), { ...what, connections, targets: await targetsOf(arena, group) }),
  };
}

function oneByOne(key: string, group: Group, connections: number): Scenario {
  return {
    key,
    run: async (arena) => {
      const targets = await targetsOf(arena, group);
      const size = await bestPoolSize(arena, key, { connections, targets });
      const load = { connections, seconds: secondsOf(arena, connections), targets };
      return arena.measure(await arena.oneByOne(size), { ...DEDUCT, ...load });
    },
  };
}

export const ours_64 = ours("ours_64", "single", 64);
const one_by_one_64 = oneByOne("one_by_one_64", "single", 64);
const ours_256 = ours("ours_256", "single", 256);
const one_by_one_256 = oneByOne("one_by_one_256", "single", 256);
const ours_member = ours("ours_one_member", "one_member", 64);
const one_by_one_member = oneByOne("one_by_one_one_member", "one_member", 64);
const ours_spread = ours("ours_spread", "spread", 64);
const checks = ours("checks", "single", 64, CHECK);
const ours_lone = ours("ours_lone", "single", 1);
const one_by_one_lone = oneByOne("one_by_one_lone", "single", 1);
const pgbench: Scenario = { key: "pgbench", run: runPgbench };
const empty: Scenario = {
  key: "empty",
  run: async (arena) =>
    arena.measure(await arena.emptyRoute(), {
      ...CHECK,
      path: "/api/v2/empty",
      connections: 64,
      targets: await arena.targets("single"),
    }),
};

/** Ours against (b) under the same load. */
function against(
  key: string,
  title: string,
  mine: Scenario,
  theirs: Scenario,
  limit: number,
  more: readonly Scenario[] = [],
): ComparedRow {
  return {
    key,
    title,
    scenarios: [mine, theirs, ...more],
    judge: (samples) => {
      const [a, b] = [samplesOf(samples, mine), samplesOf(samples, theirs)];
      const others = more.filter((scenario) => samplesOf(samples, scenario).length > 0);
      return {
        figures: [
          throughput("Kotally", a),
          throughput("(b)", b),
          ...others.map((scenario) => throughput("(c) pgbench TPC-B", samplesOf(samples, scenario))),
          latency("Kotally", a, "p99_ms"),
          latency("(b)", b, "p99_ms"),
          processorTime("Kotally", a),
          processorTime("(b)", b),
        ],
        goals: [
          ratioGoal("(b)", "at_least", limit, a, b),
          ratioGoal("(b)'s p99", "at_most", 1, a, b, "p99_ms"),
          ...others.map((scenario) => ratioGoal("(c)", "at_least", 1.5, a, samplesOf(samples, scenario))),
        ],
        notes: [],
      };
    },
  };
}

export const THROUGHPUT: ComparedRow[] = [
  against("deductions", "Deductions, 64 connections, one location with 100,000 members", ours_64, one_by_one_64, 2, [
    pgbench,
  ]),
  against("deductions-256", "Deductions, 256 connections", ours_256, one_by_one_256, 2.5),
  against("one-member", "Deductions, 64 connections, all on one member", ours_member, one_by_one_member, 6),
  {
    key: "spread",
    title: "Deductions, 64 connections, spread over 1,000 locations",
    scenarios: [ours_64, ours_spread],
    judge: (samples) => {
      const [single, spread] = [samplesOf(samples, ours_64), samplesOf(samples, ours_spread)];
      return {
        figures: [
          throughput("spread", spread),
          throughput("one location", single),
          latency("spread", spread, "p99_ms"),
        ],
        goals: [ratioGoal("one location", "at_least", 0.8, spread, single)],
        notes: [],
      };
    },
  },
  {
    key: "checks",
    title: "Eligibility checks, 64 connections",
    scenarios: [ours_64, checks, empty],
    judge: (samples) => {
      const [mine, nothing] = [samplesOf(samples, checks), samplesOf(samples, empty)];
      return {
        figures: [
          throughput("checks", mine),
          throughput("(a) empty route", nothing),
          latency("checks", mine, "p99_ms"),
        ],
        goals: [
          ratioGoal("(a)", "at_least", 0.35, mine, nothing),
          ratioGoal("deductions", "at_least", 1.5, mine, samplesOf(samples, ours_64)),
        ],
        notes: [],
      };
    },
  },
  {
    key: "lone",
    title: "One lone deduction, 1 connection",
    scenarios: [ours_lone, one_by_one_lone],
    judge: (samples) => {
      const [a, b] = [samplesOf(samples, ours_lone), samplesOf(samples, one_by_one_lone)];
      return {
        figures: [latency("Kotally", a, "p50_ms"), latency("(b)", b, "p50_ms")],
        goals: [ratioGoal("(b)'s p50", "at_most", 1.3, a, b, "p50_ms")],
        notes: [],
      };
    },
  },
];
