import { openFullStudio } from "../server/test/api/full-studio.ts";
import { SANDBOX_KEY, tellGhl } from "../server/test/console/sample-webhooks.ts";
import { openStaffDesk, type StaffDesk } from "../server/test/console/staff-desk.ts";
import type { ConsoleInBrowser } from "./console.ts";

/** What a server listens with so that a full place can be opened on it. */
export const LISTENS = { sandbox_key: SANDBOX_KEY };

/** What of a route tells its address. */
interface Route {
  path?: string;
  children?: Route[];
}

/** The address of every page as the console's own route table has it, ids still by their names. */
export async function everyPage(): Promise<string[]> {
  // The table is script for a browser, which the types of this side do not know.
  const table = new URL("../console/src/routes.tsx", import.meta.url).href;
  const { routes } = (await import(table)) as { routes: Route[] };
  return addressesOf(routes, "");
}

function addressesOf(routes: readonly Route[], above: string): string[] {
  return routes.flatMap(({ path = "", children }) => {
    const address = path === "" || path.startsWith("/") ? above + path : `${above}/${path}`;
    return children ? addressesOf(children, address) : [address];
  });
}

export interface FullPlace {
  workspace: string;
  location_id: string;
  owner: StaffDesk;
  /** A page's address with every id filled in by something that is there. */
  addressOf(page: string): string;
}

/** A sandbox in which every page has something to show. */
export async function openFullPlace(server: ConsoleInBrowser): Promise<FullPlace> {
  const studio = await openFullStudio(server, ["maya", "jonas"]);
  const { workspace, location_id, members } = studio;
  const [maya] = members;
  if (!maya) throw new Error("the studio has no member");
  await tellGhl(server, "ContactUpdate", { location_id, contact_id: maya.id });
  const owner = await openStaffDesk(server, { workspace, location_id }, "owner");
  const session = (await owner.visitor.console("GET", "/session")).body;
  const ids: Record<string, string> = {
    location_id,
    workspace_id: firstOf(session, "workspaces", "workspace_id"),
    contact_id: maya.id,
    payment_id: maya.payment_id,
    product_id: studio.product("pack"),
    client_id: firstOf((await owner.get("/api-clients")).body, "api_clients", "id"),
    event_id: firstOf((await owner.get("/webhook-events")).body, "webhook_events", "id"),
    "*": "nowhere",
  };
  const valueOf = (name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`the full place has nothing for ${name}`);
    return encodeURIComponent(id);
  };
  const addressOf = (page: string) =>
    page.replaceAll(/:(\w+)|\*/g, (whole: string, name: string | undefined) => valueOf(name ?? whole));
  return { workspace, location_id, owner, addressOf };
}

function firstOf(body: Record<string, unknown>, list: string, field: string): string {
  const [first] = (body[list] ?? []) as Record<string, string>[];
  const value = first?.[field];
  if (value === undefined) throw new Error(`no ${field} in ${JSON.stringify(body)}`);
  return value;
}
