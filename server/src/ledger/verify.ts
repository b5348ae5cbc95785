import type { Database, Transaction } from "../platform/database.ts";
import { ANSWERS_INVARIANT, findLostEffects, findLostUnlimited, sumAnswers } from "./verify-answers.ts";
import { verifyAnswersOfChunk, verifyChunk, type Chunk } from "./verify-chunk.ts";
import { CHUNK_ENTRIES, listChunks } from "./verify-ranges.ts";
import { findBrokenReferences, REFERENCES_INVARIANT } from "./verify-references.ts";
import { Report, type Verification } from "./verify-report.ts";

export interface VerifyOptions {
  /** Only this location; null or omitted: everything. */
  location_id?: string | null;
  /** Entries that one statement sorts, about. */
  chunk_entries?: number;
  on_progress?: (entries_done: number, entries_in_all: number) => void;
}

/** Chunks verified at the same time, each on a connection of its own. */
const LANES = 2;

const ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

// A chunk is read through indexes and joined by hashing, however badly its size is estimated.
const CHUNK_SETTINGS = `SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_nestloop = off;
  SET LOCAL random_page_cost = 1.1; SET LOCAL work_mem = '48MB'; SET LOCAL jit = off;
  SET LOCAL max_parallel_workers_per_gather = 0`;

/**
 * Recomputes everything from the entries, as the owner, on one snapshot of the database, beside whatever is at work. The
 * memory it takes does not grow with the books.
 */
export async function verifyLedger(db: Database, options: VerifyOptions = {}): Promise<Verification> {
  const location_id = options.location_id ?? null;
  return db.transaction("owner", async (tx) => {
    await run(tx, ONE_SNAPSHOT);
    const [exported] = await tx.query<{ id: string }>({ name: "", text: "SELECT pg_export_snapshot() AS id" });
    const { chunks, ...counts } = await listChunks(tx, location_id, options.chunk_entries ?? CHUNK_ENTRIES);
    const report = new Report();
    const queue = chunks.values();
    const lanes = Array.from({ length: LANES }, () =>
      verifyLane(db, exported?.id ?? "", queue, report, () => options.on_progress?.(report.entries, counts.entries)),
    );
    const ended = await Promise.allSettled([...lanes, verifyWhole(tx, location_id, report)]);
    for (const end of ended) if (end.status === "rejected") throw end.reason as Error;
    await compareAnswers(tx, report);
    report.compareAccounts();
    return report.verification(counts);
  });
}

/** One connection's share, seeing what the others see: it takes chunk after chunk until none is left. */
async function verifyLane(
  db: Database,
  snapshot: string,
  queue: Iterator<Chunk>,
  report: Report,
  onChunk: () => void,
): Promise<void> {
  if (!/^[0-9A-F-]+$/i.test(snapshot)) throw new Error(`${snapshot} is no snapshot`);
  await db.transaction("owner", async (tx) => {
    await run(tx, ONE_SNAPSHOT);
    await run(tx, `SET TRANSACTION SNAPSHOT '${snapshot}'`);
    await run(tx, CHUNK_SETTINGS);
    for (let next = queue.next(); !next.done; next = queue.next()) {
      report.addChunk(await verifyChunk(tx, next.value));
      onChunk();
    }
  });
}

/** What cannot be told contact by contact. */
async function verifyWhole(tx: Transaction, location_id: string | null, report: Report): Promise<void> {
  await run(tx, "SET LOCAL work_mem = '48MB'; SET LOCAL jit = off");
  report.answers = await sumAnswers(tx, location_id);
  report.add(ANSWERS_INVARIANT, await findLostUnlimited(tx, location_id));
  report.add(REFERENCES_INVARIANT, await findBrokenReferences(tx, location_id));
}

/** Where the sums of entries and answers differ, each request is looked up to name those that are off. */
async function compareAnswers(tx: Transaction, report: Report): Promise<void> {
  await run(tx, CHUNK_SETTINGS);
  for (const location_id of report.locationsToCompare()) {
    const { chunks } = await listChunks(tx, location_id, CHUNK_ENTRIES);
    for (const chunk of chunks) report.addChunk(await verifyAnswersOfChunk(tx, chunk));
    report.add(ANSWERS_INVARIANT, await findLostEffects(tx, location_id));
  }
}

function run(tx: Transaction, text: string): Promise<unknown> {
  return tx.query({ name: "", text });
}
