import type { RouteOptions } from "fastify";
import type { ConsoleApi } from "../../src/http/console/console-api.ts";
import type { Realm } from "../../src/http/console/console-door.ts";
import { registerConsole } from "../../src/http/console/console-routes.ts";
import { createHttp } from "../../src/http/server.ts";
import type { Role } from "../../src/operations/access/person.ts";
import { createLogger } from "../../src/platform/log.ts";
import type { Method } from "./visitor.ts";

/** A route of the console's door, as it is registered. */
export interface ConsoleRoute {
  method: Method;
  /** With `:names`. */
  url: string;
  /** Null: the guard knows nothing of it. */
  needs: { realm: Realm; role: Role } | null;
}

/** Every route of the console's door, whoever added it: what is registered is what is tested. */
export async function consoleRoutes(): Promise<ConsoleRoute[]> {
  const found: RouteOptions[] = [];
  const app = await createHttp(createLogger("silent"));
  app.decorateRequest("asking", null);
  app.addHook("onRoute", (route) => void found.push(route));
  registerConsole(app, { public_url: "https://kotally.test" } as ConsoleApi);
  return found
    .filter(({ method }) => typeof method === "string")
    .map(({ method, url, config }) => ({ method: method as Method, url, needs: config?.console ?? null }));
}
