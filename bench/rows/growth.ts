import { DEDUCT, type Arena, type Scenario } from "../arena.ts";
import { latency, ratioGoal, samplesOf, throughput, type ComparedRow } from "./row.ts";

function deductionsAmong(key: string, membersOf: (arena: Arena) => number): Scenario {
  return {
    key,
    run: async (arena) => {
      const members = membersOf(arena);
      const { data } = await arena.growth(members);
      return arena.measure(await arena.kotallyOn(members), {
        ...DEDUCT,
        connections: 64,
        targets: data.targets["single"] ?? [],
      });
    },
  };
}

export function largeMembers(arena: Arena): number {
  return arena.options.is_full ? 1_000_000 : 100_000;
}

const small = deductionsAmong("growth_small", () => 10_000);
const large = deductionsAmong("growth_large", largeMembers);

function summaries(key: string, group: string): Scenario {
  return {
    key,
    run: async (arena) =>
      arena.measure(await arena.kotally(), {
        path: "/api/v2/contacts/{member}/summary",
        method: "GET",
        mutates: false,
        connections: 8,
        targets: await arena.targets(group),
        seconds: arena.options.seconds / 2,
      }),
  };
}

const short_history = summaries("summary_short", "history_short");
const long_history = summaries("summary_long", "history_long");

export const GROWTH: ComparedRow[] = [
  {
    key: "growth",
    title: "Growth: deductions/s among many members with ten entries each ÷ among 10,000",
    scenarios: [small, large],
    judge: (samples) => {
      const [few, many] = [samplesOf(samples, small), samplesOf(samples, large)];
      return {
        figures: [
          throughput("10,000 members", few),
          throughput("many members", many),
          latency("many members", many, "p99_ms"),
        ],
        goals: [ratioGoal("10,000 members", "at_least", 0.85, many, few)],
        notes: ["Many: 100,000 members and 1 million entries; with --full 1 million members and 10 million entries."],
      };
    },
  },
  {
    key: "summary",
    title: "Contact summary with 10,000 entries ÷ with 10",
    scenarios: [short_history, long_history],
    judge: (samples) => {
      const [short, long] = [samplesOf(samples, short_history), samplesOf(samples, long_history)];
      return {
        figures: [
          throughput("10 entries", short),
          latency("10 entries", short, "p50_ms"),
          latency("10,000 entries", long, "p50_ms"),
        ],
        goals: [ratioGoal("10 entries, p50", "at_most", 1.5, long, short, "p50_ms")],
        notes: [],
      };
    },
  },
];
