import { z } from "zod";
import { catalogKey } from "../../operations/catalog/apply-schema.ts";
import { deleteFamily, markNoCredits, saveFamily } from "../../operations/catalog/edit-family.ts";
import { text } from "../../operations/fields.ts";
import { MAX_CALENDARS } from "../../rules/catalog/product-config.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";
import { expectedVersion } from "./product-fields.ts";

const REALM = { realm: "location", role: "admin" } as const;

const save = consoleCall({
  ...REALM,
  method: "put",
  path: "/service-families/{key}",
  name: "save_service_family",
  title: "Make or change a family",
  about: "A named set of calendars that share credits; product configs that name it cover its calendars at once.",
  input: z.object({
    key: catalogKey,
    name: text,
    calendars: z.array(text).min(1).max(MAX_CALENDARS),
    expected_version: expectedVersion.nullable().describe("Null: the family is new."),
  }),
  refusals: ["EDIT_CONFLICT"],
  answer: z.object({ key: z.string(), version: z.int() }),
  run: ({ change }, by, input) => change(by, (tx) => saveFamily(tx, by.location_id, input)),
});

const remove = consoleCall({
  ...REALM,
  method: "delete",
  path: "/service-families/{key}",
  name: "delete_service_family",
  title: "Take a family away",
  about: "Only one that no product config names.",
  input: z.object({ key: catalogKey }),
  refusals: ["IN_USE"],
  answer: z.object({ key: z.string() }),
  run: ({ change }, by, { key }) => change(by, (tx) => deleteFamily(tx, by.location_id, key)),
});

const product = { provider: z.enum(["ghl", "stripe"]), product_id: text.describe("The product's id at the provider.") };
const marked = z.object({ provider: z.string(), product_id: z.string() });

const mark = consoleCall({
  ...REALM,
  method: "put",
  path: "/no-credit-products/{provider}/{product_id}",
  name: "mark_no_credits",
  title: "Say that a product grants nothing",
  about: "Purchases of it are recorded and wait for nobody, unless a product config is sold under its name.",
  input: z.object(product),
  answer: marked,
  run: ({ change }, by, input) =>
    change(by, (tx) => markNoCredits(tx, { location_id: by.location_id, ...input }, true)),
});

const unmark = consoleCall({
  ...REALM,
  method: "delete",
  path: "/no-credit-products/{provider}/{product_id}",
  name: "unmark_no_credits",
  title: "Say no longer that a product grants nothing",
  about: "Its purchases wait for a person again where no product config is sold under its name.",
  input: z.object(product),
  answer: marked,
  run: ({ change }, by, input) =>
    change(by, (tx) => markNoCredits(tx, { location_id: by.location_id, ...input }, false)),
});

/** Calendars that share credits, and products that grant none. */
export const FAMILY_CALLS: readonly ConsoleCall[] = [save, remove, mark, unmark];
