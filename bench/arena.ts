import { generateKeyPairSync } from "node:crypto";
import { cpuBetween, cpuSeconds, databaseCpu } from "./cpu-time.ts";
import { growthSet, loadedData, MAIN, RENEWALS, type LoadedData } from "./data-sets.ts";
import type { LoadJob, Target } from "./load/load-job.ts";
import { runLoad, type Measured } from "./load/run-load.ts";
import type { Options } from "./options.ts";
import type { BenchPostgres } from "./postgres.ts";
import { startEmptyRoute, startKotally, startOneByOne, type ServerProcess } from "./servers.ts";

/** One measurement, with what it cost. */
export interface Sample extends Measured {
  /** Microseconds of processor time per answer. */
  server_cpu_us: number;
  database_cpu_us: number;
}

/** A load that is measured again and again beside others. */
export interface Scenario {
  key: string;
  /** Null: not possible here. */
  run(arena: Arena): Promise<Sample | null>;
}

export const DEDUCT = { path: "/api/v2/entitlements/deduct", method: "POST", mutates: true } as const;
export const CHECK = { path: "/api/v2/entitlements/check-eligibility", method: "POST", mutates: false } as const;

export const DELIVER = { path: "/webhooks/ghl", method: "POST", mutates: true } as const;

/** The database, the data and the servers of one run; each is started when it is first wanted, and all are ended together. */
export class Arena {
  readonly options: Options;
  readonly postgres: BenchPostgres;
  readonly say: (line: string) => void;
  /** What stands for GoHighLevel's key. */
  readonly ghl_key = newKey();
  readonly #servers = new Map<string, Promise<ServerProcess>>();
  readonly #copies = new Map<string, Promise<{ url: string; data: LoadedData }>>();

  constructor(options: Options, postgres: BenchPostgres, say: (line: string) => void) {
    this.options = options;
    this.postgres = postgres;
    this.say = say;
  }

  main() {
    return this.#copy(MAIN.name, MAIN);
  }

  renewals() {
    return this.#copy(RENEWALS.name, RENEWALS);
  }

  growth(members: number) {
    const set = growthSet(members);
    return this.#copy(set.name, set);
  }

  async kotally(): Promise<ServerProcess> {
    const { url } = await this.main();
    return this.#server("kotally", () =>
      startKotally({ url, env: { GHL_WEBHOOK_PUBLIC_KEYS: this.ghl_key.public_pem } }),
    );
  }

  async kotallyOn(members: number): Promise<ServerProcess> {
    const { url } = await this.growth(members);
    return this.#server(`growth ${members}`, () => startKotally({ url }));
  }

  emptyRoute(): Promise<ServerProcess> {
    return this.#server("empty", startEmptyRoute);
  }

  async oneByOne(pool_size: number): Promise<ServerProcess> {
    const { url } = await this.main();
    return this.#server(`one by one ${pool_size}`, () => startOneByOne(url, pool_size));
  }

  async stopServer(server: ServerProcess): Promise<void> {
    for (const [name, started] of this.#servers) if ((await started) === server) this.#servers.delete(name);
    await server.stop();
  }

  async targets(group: string): Promise<Target[]> {
    const { data } = await this.main();
    return data.targets[group] ?? [];
  }

  /** Measures one load on one server. With `is_full` a checkpoint falls into the middle of it. */
  async measure(
    server: ServerProcess,
    job: Partial<LoadJob> & Pick<LoadJob, "path" | "method" | "mutates" | "connections" | "targets">,
  ): Promise<Sample> {
    const { seconds, warmup_seconds, is_full } = this.options;
    const whole = { seconds, warmup_seconds, ...job, port: server.port };
    const checkpoint =
      is_full && whole.seconds >= 60
        ? setTimeout(
            () => void this.postgres.ask("CHECKPOINT").catch(() => {}),
            (whole.warmup_seconds + whole.seconds / 2) * 1000,
          )
        : null;
    const before = { server: cpuSeconds(server.pid), database: await databaseCpu(this.postgres) };
    const measured = await runLoad(whole);
    const database = cpuBetween(before.database, await databaseCpu(this.postgres));
    if (checkpoint) clearTimeout(checkpoint);
    // The warm-up costs as much as what is measured; it is counted by its share of the time.
    const answers = measured.per_second * (whole.seconds + whole.warmup_seconds);
    const perAnswer = (used: number) => (used / answers) * 1_000_000;
    return {
      ...measured,
      server_cpu_us: perAnswer(cpuSeconds(server.pid) - before.server),
      database_cpu_us: perAnswer(database),
    };
  }

  async close(): Promise<void> {
    for (const started of this.#servers.values())
      await started.then(
        (server) => server.stop(),
        () => {},
      );
    this.#servers.clear();
    for (const name of this.#copies.keys()) await this.postgres.drop(`kotally_bench_run_${name}`);
    this.#copies.clear();
    await this.postgres.stop();
  }

  #copy(name: string, set: typeof MAIN) {
    let copy = this.#copies.get(name);
    if (!copy) {
      copy = this.#makeCopy(name, set);
      this.#copies.set(name, copy);
    }
    return copy;
  }

  async #makeCopy(name: string, set: typeof MAIN) {
    const data = await loadedData(this.postgres, set, this.say);
    return { url: await this.postgres.copy(data.database, `kotally_bench_run_${name}`), data };
  }

  #server(name: string, start: () => Promise<ServerProcess>): Promise<ServerProcess> {
    let started = this.#servers.get(name);
    if (!started) {
      started = start();
      this.#servers.set(name, started);
    }
    return started;
  }
}

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    pem: privateKey.export({ type: "pkcs8", format: "pem" }),
    public_pem: publicKey.export({ type: "spki", format: "pem" }),
  };
}
