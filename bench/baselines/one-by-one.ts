import { createHash } from "node:crypto";
import pg from "pg";
import { sendBody, sendError } from "../../server/src/http/envelope.ts";
import { askingOf, guard, type MachineApi } from "../../server/src/http/machine-api.ts";
import { RateLimiter } from "../../server/src/http/rate-limit.ts";
import { createHttp } from "../../server/src/http/server.ts";
import { Authenticator } from "../../server/src/operations/access/authenticate-client.ts";
import { deductCredits } from "../../server/src/operations/credits/deduct-credits.ts";
import { systemClock } from "../../server/src/platform/clock.ts";
import { Database } from "../../server/src/platform/database.ts";
import { createLogger } from "../../server/src/platform/log.ts";
import { deductInOneTransaction } from "./deduct-in-one-transaction.ts";
import { expireOneByOne } from "./expire-one-by-one.ts";
import { renewOneByOne } from "./renew-one-by-one.ts";

// Baseline (b): the same API with the same authentication and validation, and each deduction a transaction of its own.

const [url = "", pool_size = "8"] = process.argv.slice(2);
const size = Number(pool_size);
// The driver as it comes: no statement waits behind another's answer on the same connection.
const pool = new pg.Pool({ connectionString: url, max: size, min: size, idleTimeoutMillis: 0 });
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const app = await createHttp(createLogger("warn"));
const authenticator = new Authenticator(new Database(url, 1), systemClock);
guard(app, { authenticator, rate_limiter: new RateLimiter(0, systemClock) } as MachineApi);

app.post("/api/v2/entitlements/deduct", { config: { scope: "deduct" } }, async (request, reply) => {
  const parsed = deductCredits.input.safeParse(request.body);
  if (!parsed.success) return sendError(reply, "VALIDATION_ERROR");
  const input = parsed.data;
  const { caller } = askingOf(request);
  const answer = await deductInOneTransaction(pool, {
    ...input,
    amount: input.amount ?? 1,
    location_id: caller.location_id,
    client_id: caller.actor.id,
    correlation_id: request.id,
    payload_hash: createHash("sha256").update(JSON.stringify(input)).digest(),
  });
  return sendBody(reply, answer.body, request.id, answer.reason_code);
});

for (const [path, settle] of [["/expire", expireOneByOne] as const, ["/renew", renewOneByOne] as const]) {
  app.post(path, async (_, reply) => {
    const settled = await settle(pool, size);
    return reply.header("Content-Type", "application/json").send(JSON.stringify({ ok: true, settled }));
  });
}

await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
process.on("SIGTERM", () => process.exit(0));
