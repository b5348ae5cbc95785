import fc from "fast-check";

const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const is_long = process.env["TEST_LENGTH"] === "long";

process.stdout.write(`fuzz: FUZZ_SEED=${seed}\n`);

/** So many runs of a property, thirty times as many in the long form. */
export const runs = (short: number): fc.Parameters<unknown> => ({
  numRuns: is_long ? short * 30 : short,
  seed,
  endOnFailure: !is_long,
  includeErrorInReport: true,
});

/** Longer than this no request may take. */
export const PATIENCE_MS = 5000;

/** What is late fails. */
export async function inTime<T>(what: string, answer: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  const failed = new Promise<never>((_, reject) => {
    late.addEventListener("abort", () => reject(new Error(`no answer from ${what} in ${PATIENCE_MS} ms`)));
  });
  return Promise.race([answer, failed]);
}
