import { DEDUCT, type Arena } from "../arena.ts";
import type { LoadJob } from "../load/load-job.ts";

const SIZES = [4, 8, 16, 32];
const known = new Map<string, number>();

/** The pool that makes baseline (b) fastest under this load, found by trying before anything is measured. */
export async function bestPoolSize(
  arena: Arena,
  key: string,
  load: Pick<LoadJob, "connections" | "targets">,
): Promise<number> {
  const found = known.get(key);
  if (found !== undefined) return found;
  // A lone caller uses one connection whatever the size.
  const sizes = load.connections === 1 ? [4] : SIZES;
  let best = { size: 0, per_second: 0 };
  for (const size of sizes) {
    const server = await arena.oneByOne(size);
    const { per_second } = await arena.measure(server, { ...DEDUCT, ...load, seconds: 3, warmup_seconds: 1 });
    if (per_second > best.per_second) best = { size, per_second };
    await arena.stopServer(server);
  }
  if (sizes.length > 1) arena.say(`(b) is fastest with ${best.size} connections for ${key}.`);
  known.set(key, best.size);
  return best.size;
}
