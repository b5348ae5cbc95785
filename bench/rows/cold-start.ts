import { dataDirectory } from "../postgres.ts";
import { startKotally } from "../servers.ts";
import { median } from "../statistics.ts";
import type { OwnRow } from "./row.ts";

/** From the start of the process, its PostgreSQL included, to the first HTTP answer. */
export const COLD_START: OwnRow = {
  key: "cold-start",
  title: "Cold start to the first answer, existing database",
  measure: async (arena) => {
    const data_dir = dataDirectory(`cold-start-${arena.postgres.prefix}`);
    const seconds: number[] = [];
    // The first start makes the database that the others find.
    for (let start = 0; start <= arena.options.rounds; start += 1) {
      const began = performance.now();
      const server = await startKotally({ data_dir });
      if (start > 0) seconds.push((performance.now() - began) / 1000);
      await server.stop();
    }
    return {
      figures: [],
      goals: [
        {
          text: "first answer",
          sense: "at_most",
          limit: 3,
          median: median(seconds),
          worst: Math.max(...seconds),
          unit: "s",
        },
      ],
      notes: [],
    };
  },
};
