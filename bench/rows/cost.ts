import { DEDUCT, type Arena } from "../arena.ts";
import { askDatabase } from "../postgres.ts";
import { startKotally } from "../servers.ts";
import { WireCounter } from "../wire-counter.ts";
import type { Figure, OwnRow } from "./row.ts";

interface Footprint {
  entries: number;
  disk: number;
  wal: number;
}

async function footprint(url: string): Promise<Footprint> {
  const [row] = await askDatabase<Record<keyof Footprint, string>>(
    url,
    `SELECT (SELECT count(*) FROM ledger_entries) AS entries, pg_current_wal_lsn() - '0/0' AS wal,
       pg_total_relation_size('ledger_entries') + pg_total_relation_size('requests') AS disk`,
  );
  return { entries: Number(row?.entries), disk: Number(row?.disk), wal: Number(row?.wal) };
}

function figure(name: string, value: number, unit: string): Figure {
  return { name, unit, median: value, worst: value };
}

/** What a deduction writes and asks, whatever the machine does meanwhile. */
export const COST: OwnRow = {
  key: "cost",
  title: "Cost of one deduction without a clock",
  measure: async (arena) => {
    const { url } = await arena.main();
    const server = await arena.kotally();
    const load = { ...DEDUCT, connections: 64, targets: await arena.targets("single"), warmup_seconds: 0 };
    await arena.postgres.ask("CHECKPOINT");
    const before = await footprint(url);
    await arena.measure(server, { ...load, seconds: 5 });
    const middle = await footprint(url);
    await arena.measure(server, { ...load, seconds: Math.max(10, arena.options.seconds) });
    const after = await footprint(url);
    const each = (of: "disk" | "wal", from: Footprint, to: Footprint) =>
      (to[of] - from[of]) / (to.entries - from.entries);
    const disk = each("disk", middle, after);
    return {
      figures: [
        figure("WAL right after a checkpoint", each("wal", before, middle), "bytes"),
        figure("WAL later", each("wal", middle, after), "bytes"),
        ...(await wireFigures(arena, url)),
      ],
      goals: [
        {
          text: "disk: entry, indexes, remembered answer",
          sense: "at_most",
          limit: 1200,
          median: disk,
          worst: disk,
          unit: "bytes",
        },
      ],
      notes: [
        "Disk by pg_total_relation_size of ledger_entries and requests, WAL by pg_current_wal_lsn, messages by a proxy that counts them.",
      ],
    };
  },
};

async function wireFigures(arena: Arena, url: string): Promise<Figure[]> {
  const counter = await WireCounter.before(url);
  const server = await startKotally({ url: counter.url });
  const figures: Figure[] = [];
  try {
    for (const connections of [1, 64]) {
      const load = { ...DEDUCT, connections, targets: await arena.targets("single"), warmup_seconds: 0 };
      await arena.measure(server, { ...load, seconds: 1 });
      counter.take();
      const { result } = await arena.measure(server, { ...load, seconds: 3 });
      const { statements, round_trips } = counter.take();
      figures.push(figure(`statements, ${connections} connections`, statements / result.answered, "each"));
      figures.push(figure(`round trips, ${connections} connections`, round_trips / result.answered, "each"));
    }
  } finally {
    await server.stop();
    counter.close();
  }
  return figures;
}
