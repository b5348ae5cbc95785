import { z } from "zod";
import { SCOPES } from "../../operations/access/caller.ts";
import { createClient, rotateClient, setClientActive, updateClient } from "../../operations/catalog/edit-client.ts";
import { text } from "../../operations/fields.ts";
import { clientsAnswer, listClients } from "../../views/api-clients.ts";
import { readLocation } from "../../views/location-read.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";
import { expectedVersion } from "./product-fields.ts";

const REALM = { realm: "location", role: "admin" } as const;
const draft = {
  name: text.describe("What the client is called here."),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length).describe("What its token may do."),
};
const meant = { id: z.guid().describe("The API client's own id."), expected_version: expectedVersion };
const saved = z.object({ id: z.string(), version: z.int() });
const withToken = saved.extend({ token: z.string().describe("Shown this once: only its hash is kept.") });

const list = consoleCall({
  ...REALM,
  method: "get",
  path: "/api-clients",
  name: "api_clients",
  title: "List API clients",
  about: "Who may call the machine API of this location, with what, and when each last did.",
  role: "viewer",
  input: z.object({}),
  answer: clientsAnswer,
  run: ({ db }, by) => readLocation(db, by, (tx) => listClients(tx, by.location_id)),
});

const create = consoleCall({
  ...REALM,
  method: "post",
  path: "/api-clients",
  name: "create_api_client",
  title: "Make an API client",
  about: "Answers its token, once.",
  input: z.object(draft),
  answer: withToken,
  run: ({ change }, by, input) => change(by, (tx) => createClient(tx, by.location_id, input)),
});

const update = consoleCall({
  ...REALM,
  method: "put",
  path: "/api-clients/{id}",
  name: "update_api_client",
  title: "Rename an API client, or change what it may do",
  about: "Holds from its next request on; its token stays.",
  input: z.object({ ...draft, ...meant }),
  refusals: ["EDIT_CONFLICT"],
  answer: saved,
  run: ({ change }, by, input) => change(by, (tx) => updateClient(tx, by.location_id, input)),
});

const rotate = consoleCall({
  ...REALM,
  method: "post",
  path: "/api-clients/{id}/rotate",
  name: "rotate_api_client",
  title: "Give an API client a new token",
  about: "Answers the new token, once; the old one is refused from this moment on.",
  input: z.object(meant),
  refusals: ["EDIT_CONFLICT"],
  answer: withToken,
  run: ({ change }, by, input) => change(by, (tx) => rotateClient(tx, by.location_id, input)),
});

const deactivate = consoleCall({
  ...REALM,
  method: "post",
  path: "/api-clients/{id}/deactivate",
  name: "deactivate_api_client",
  title: "Switch an API client off",
  about: "Its token is refused from this moment on.",
  input: z.object(meant),
  refusals: ["EDIT_CONFLICT"],
  answer: saved,
  run: ({ change }, by, input) => change(by, (tx) => setClientActive(tx, by.location_id, { ...input, active: false })),
});

const reactivate = consoleCall({
  ...REALM,
  method: "post",
  path: "/api-clients/{id}/reactivate",
  name: "reactivate_api_client",
  title: "Switch an API client on again",
  about: "The token that it had serves again.",
  input: z.object(meant),
  refusals: ["EDIT_CONFLICT"],
  answer: saved,
  run: ({ change }, by, input) => change(by, (tx) => setClientActive(tx, by.location_id, { ...input, active: true })),
});

/** Programs that may call the machine API of a location. */
export const CLIENT_CALLS: readonly ConsoleCall[] = [list, create, update, rotate, deactivate, reactivate];
