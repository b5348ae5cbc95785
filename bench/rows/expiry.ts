import { askDatabase } from "../postgres.ts";
import { measureDueRun } from "./due-run.ts";
import { largeMembers } from "./growth.ts";
import type { OwnRow } from "./row.ts";

/** Lots whose time is over. */
export const EXPIRY: OwnRow = {
  key: "expiry",
  title: "Expiry run, lots per second",
  measure: async (arena) => {
    const { url, data } = await arena.growth(largeMembers(arena));
    const [target] = data.targets["single"] ?? [];
    if (!target) throw new Error("no members to expire");
    const makeDue = async (first: number, count: number) => {
      await askDatabase(
        url,
        `UPDATE entitlements SET expires_at = now() - interval '1 second'
         WHERE location_id = bench_location(0) AND id >= bench_id('8001', $1) AND id < bench_id('8001', $2)`,
        [first, first + count],
      );
      await askDatabase(url, "VACUUM (ANALYZE) entitlements");
    };
    return measureDueRun(arena, { url, target, makeDue, path: "/expire", limit: 3 });
  },
};
