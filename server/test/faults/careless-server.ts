// A server with a promise taken out, for the tests of the tests: what the audit must find. CARELESS names what is missing.
import { setTimeout as sleep } from "node:timers/promises";
import { Database, type Tenants, type Transaction, type TransactionSettings } from "../../src/platform/database.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createService } from "../../src/service.ts";

const missing = new Set((process.env["CARELESS"] ?? "").split(","));

/** Long enough that others, or a kill, come between. */
const DAWDLE_MS = missing.has("durable_answer") ? 100 : 15;

class CarelessDatabase extends Database {
  override async begin(tenants: Tenants, settings?: TransactionSettings): Promise<Transaction> {
    const tx = await super.begin(tenants, settings);
    const query: Transaction["query"] = ({ name, text }, values) => {
      if (name === "lock_contacts" && missing.has("row_lock")) {
        return tx.query({ name: "find_careless", text: text.replace(/FOR NO KEY UPDATE.*/u, "") }, values);
      }
      if (name === "claim_requests" && missing.has("claim")) {
        return tx.query(
          { name: "claim_careless", text: text.replace(/pg_try_advisory_xact_lock\(.*\)/u, "true") },
          values,
        );
      }
      return tx.query({ name, text }, values);
    };
    const commit = async () => {
      await sleep(DAWDLE_MS);
      await tx.commit();
    };
    if (!missing.has("durable_answer")) return { ...tx, query, commit };
    return { ...tx, query, commit: async () => void commit().catch(() => {}) };
  }
}

const db = new CarelessDatabase(process.env["DATABASE_URL"] ?? "", 8);
const config = { api_rate_limit: 0, ledger_batch: "mixed", public_url: "http://kotally.test" } as const;
const { app } = await createService(db, config, createLogger("silent"));
await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
process.stdout.write("Kotally answers at its own risk\n");
