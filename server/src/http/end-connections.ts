import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** How long a server that stops still takes what clients send at this very moment over the connections they have. */
export const GRACE_MS = 100;

/** Once drained, every answer ends its connection: kept alive, it would hold the server up until the client lets go. */
export function endConnectionsOn(app: FastifyInstance): { hasBegun: () => boolean; begin: () => Promise<void> } {
  let is_draining = false;
  app.addHook("onSend", (_, reply, payload, done) => {
    if (is_draining) void reply.header("Connection", "close");
    done(null, payload);
  });
  return {
    hasBegun: () => is_draining,
    begin: async () => {
      is_draining = true;
      if (!app.server.listening) return;
      await sleep(GRACE_MS);
      // On a busy machine the time may be up before what has arrived meanwhile was read.
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    },
  };
}
