import { z } from "zod";
import { catalogKey } from "../../operations/catalog/apply-schema.ts";
import { createProduct, setProductActive, updateProduct } from "../../operations/catalog/edit-product.ts";
import { previewProduct } from "../../operations/catalog/preview-product.ts";
import { instant } from "../../platform/sql.ts";
import { MAX_SIMULATED_MONTHS, MAX_SIMULATED_VISITS } from "../../rules/catalog/simulate-member.ts";
import { readLocation } from "../../views/location-read.ts";
import { catalogAnswer, findCatalog, productConfigShape } from "../../views/product-configs.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";
import { draftFields, draftOf, expectedVersion } from "./product-fields.ts";

const REALM = { realm: "location", role: "admin" } as const;
const id = z.string().describe("The product config (pc_…).");
const saved = z.object({ id: z.string(), key: z.string(), version: z.int() });
const REFUSALS = ["EDIT_CONFLICT", "MAPPING_CONFLICT"] as const;

const list = consoleCall({
  ...REALM,
  method: "get",
  path: "/product-configs",
  name: "product_configs",
  title: "List what is sold",
  about: "Every product config with what it is mapped to and who holds it, the families, and what grants nothing.",
  role: "viewer",
  input: z.object({}),
  answer: catalogAnswer,
  run: ({ db }, by) => readLocation(db, by, (tx) => findCatalog(tx, by.location_id)),
});

const one = consoleCall({
  ...REALM,
  method: "get",
  path: "/product-configs/{id}",
  name: "product_config",
  title: "Get a product config",
  about: "One product config, to look at or to edit.",
  role: "viewer",
  input: z.object({ id }),
  answer: z.object({ product_config: productConfigShape }),
  run: ({ db }, by, input) =>
    readLocation(db, by, async (tx) => {
      const { product_configs } = await findCatalog(tx, by.location_id);
      const product_config = product_configs.find((config) => config.id === input.id);
      return product_config ? { product_config } : "unknown";
    }),
});

const create = consoleCall({
  ...REALM,
  method: "post",
  path: "/product-configs",
  name: "create_product_config",
  title: "Make a product config",
  about: "Sold from now on.",
  input: z.object({ ...draftFields, key: catalogKey.optional().describe("Omitted: made from the name.") }),
  refusals: REFUSALS,
  answer: saved,
  run: ({ change }, by, input) =>
    change(by, (tx) => createProduct(tx, by.location_id, { ...draftOf(input), key: input.key })),
});

const update = consoleCall({
  ...REALM,
  method: "put",
  path: "/product-configs/{id}",
  name: "update_product_config",
  title: "Change a product config",
  about:
    "Replaces all its fields. Credits, expiry and activation hold for what is bought from now on; all else at once for everybody.",
  input: z.object({ ...draftFields, id, expected_version: expectedVersion }),
  refusals: REFUSALS,
  answer: saved,
  run: ({ change }, by, input) => {
    const { id: of, expected_version } = input;
    return change(by, (tx) => updateProduct(tx, by.location_id, { ...draftOf(input), id: of, expected_version }));
  },
});

const deactivate = consoleCall({
  ...REALM,
  method: "post",
  path: "/product-configs/{id}/deactivate",
  name: "deactivate_product_config",
  title: "Sell a product no longer",
  about: "Purchases of it are not granted any more; what was bought lives on, and its history stays.",
  input: z.object({ id, expected_version: expectedVersion }),
  refusals: REFUSALS,
  answer: saved,
  run: ({ change }, by, input) => change(by, (tx) => setProductActive(tx, by.location_id, { ...input, active: false })),
});

const reactivate = consoleCall({
  ...REALM,
  method: "post",
  path: "/product-configs/{id}/reactivate",
  name: "reactivate_product_config",
  title: "Sell a product again",
  about: "Purchases of it are granted from now on.",
  input: z.object({ id, expected_version: expectedVersion }),
  refusals: REFUSALS,
  answer: saved,
  run: ({ change }, by, input) => change(by, (tx) => setProductActive(tx, by.location_id, { ...input, active: true })),
});

const line = z.object({
  at: z.iso.datetime(),
  on: z.iso.date(),
  what: z.string().describe("A type of ledger entry, or refused: a visit that could not be charged."),
  amount: z.int(),
  balance: z.int().describe("All that the member could spend afterwards."),
  unlimited: z.boolean(),
  reason: z.string(),
});

const preview = consoleCall({
  ...REALM,
  method: "post",
  path: "/product-configs/preview",
  name: "preview_product_config",
  title: "Live through a product config",
  about:
    "What one member would see who buys the draft today, visits every week and pays each period; nothing is written.",
  role: "viewer",
  asks: true,
  input: z.object({
    ...draftFields,
    months: z.int().min(1).max(MAX_SIMULATED_MONTHS).default(3),
    visits_per_week: z.int().min(1).max(MAX_SIMULATED_VISITS).default(1),
  }),
  answer: z.object({ lines: z.array(line) }),
  run: ({ db, clock }, by, input) =>
    readLocation(db, by, async (tx) => {
      const lines = await previewProduct(tx, by.location_id, draftOf(input), input, clock.now());
      return { lines: lines.map((each) => ({ ...each, at: instant(each.at) })) };
    }),
});

/** What is sold: looked at, made, changed, taken off sale, and lived through beforehand. */
export const PRODUCT_CALLS: readonly ConsoleCall[] = [list, preview, one, create, update, deactivate, reactivate];
