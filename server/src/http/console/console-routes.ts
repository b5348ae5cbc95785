import type { FastifyInstance } from "fastify";
import { SupportWatch } from "../../operations/access/let-support-look.ts";
import { contactReadRoute } from "../contact-reads.ts";
import { locationCallRoute } from "../location-call.ts";
import { operationRoute } from "../machine-api.ts";
import { API_ROUTES } from "../routes.ts";
import { BILLING_CALLS } from "./billing-calls.ts";
import type { ConsoleApi } from "./console-api.ts";
import { consoleCallRoute, otherConsoleMethods, type ConsoleCall } from "./console-call.ts";
import { CONSOLE_DOOR, guardConsole } from "./console-door.ts";
import { INVITATION_CALLS } from "./invitation-calls.ts";
import { PEOPLE_CALLS } from "./people-calls.ts";
import { PROFILE_CALLS } from "./profile-calls.ts";
import { READING_CALLS } from "./reading-calls.ts";
import { SESSION_CALLS } from "./session-calls.ts";
import { STAFF_CALLS } from "./staff-calls.ts";
import { SUPPORT_CALLS } from "./support-calls.ts";
import { WORKSPACE_CALLS } from "./workspace-calls.ts";

/** What only the console has. */
export const CONSOLE_CALLS: readonly ConsoleCall[] = [
  ...SESSION_CALLS,
  ...BILLING_CALLS,
  ...PROFILE_CALLS,
  ...INVITATION_CALLS,
  ...PEOPLE_CALLS,
  ...SUPPORT_CALLS,
  ...WORKSPACE_CALLS,
  ...STAFF_CALLS,
  ...READING_CALLS,
];

/** The console's API: everything of the machine API's locations once more, and its own calls. */
export function registerConsole(app: FastifyInstance, api: ConsoleApi): void {
  const support = new SupportWatch(api.db, api.clock);
  guardConsole(app, { ...api, support, rate_limiter: api.session_limiter });
  const { operations, management, reads, calls } = API_ROUTES;
  for (const { path, operation } of [...operations, ...management]) {
    operationRoute(app, CONSOLE_DOOR, path, operation, api);
  }
  for (const { path, read } of reads) contactReadRoute(app, CONSOLE_DOOR, path, read, api);
  for (const route of calls) locationCallRoute(app, CONSOLE_DOOR, route, api);
  for (const call of CONSOLE_CALLS) consoleCallRoute(app, call, api);
  otherConsoleMethods(app, CONSOLE_CALLS);
}
