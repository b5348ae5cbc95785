import { randomUUID } from "node:crypto";
import { sendBody } from "../../server/src/http/envelope.ts";
import { createHttp } from "../../server/src/http/server.ts";
import { createLogger } from "../../server/src/platform/log.ts";

// Baseline (a): the same Fastify, the same parser and headers, the same body posted; the answer is always the same.

const app = await createHttp(createLogger("warn"));
const correlation_id = randomUUID();
const body = JSON.stringify({ ok: true, reason_code: "eligible", correlation_id, balance_after: 999_999 });
app.post("/api/v2/empty", (request, reply) => sendBody(reply, body, request.id, "eligible"));
await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
process.on("SIGTERM", () => process.exit(0));
