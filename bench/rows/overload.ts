import { DEDUCT } from "../arena.ts";
import type { OwnRow } from "./row.ts";

const PEAK_CONNECTIONS = 256;
const TIMES = 10;
const SECONDS = 30;
/** Share of the former throughput at which the server counts as normal again. */
const NORMAL = 0.8;
const NORMAL_WITHIN_S = 10;

/** Ten times the clients that the server is fastest with, all of which come again when they are refused. */
export const OVERLOAD: OwnRow = {
  key: "overload",
  title: `Overload: ${PEAK_CONNECTIONS * TIMES} retrying clients for ${SECONDS} s`,
  measure: async (arena) => {
    const server = await arena.kotally();
    const load = { ...DEDUCT, targets: await arena.targets("single") };
    const peak = await arena.measure(server, { ...load, connections: PEAK_CONNECTIONS });
    const storm = await arena.measure(server, {
      ...load,
      connections: PEAK_CONNECTIONS * TIMES,
      seconds: SECONDS,
      retries: true,
    });
    const began = performance.now();
    let after = 0;
    let recovery_s = 0;
    while (after < NORMAL * peak.per_second && recovery_s < NORMAL_WITHIN_S * 3) {
      recovery_s = (performance.now() - began) / 1000;
      after = (await arena.measure(server, { ...load, connections: PEAK_CONNECTIONS, seconds: 2, warmup_seconds: 0 }))
        .per_second;
    }
    const goodput = storm.per_second / peak.per_second;
    const refused = Object.entries(storm.result.statuses).map(([status, count]) => `${count} × ${status}`);
    const figure = (name: string, value: number, unit: string) => ({ name, unit, median: value, worst: value });
    return {
      figures: [
        figure("peak", peak.per_second, "/s"),
        figure("goodput", storm.per_second, "/s"),
        figure("p99 of what was answered", storm.p99_ms, "ms"),
        figure("afterwards", after, "/s"),
      ],
      goals: [
        { text: "peak", sense: "at_least", limit: 0.7, median: goodput, worst: goodput, unit: "×" },
        {
          text: "normal again after",
          sense: "at_most",
          limit: NORMAL_WITHIN_S,
          median: recovery_s,
          worst: recovery_s,
          unit: "s",
        },
      ],
      notes: [
        `Refused for now: ${refused.join(", ") || "none"}; ${storm.result.broken} connections broke. Any other answer fails the run.`,
      ],
    };
  },
};
