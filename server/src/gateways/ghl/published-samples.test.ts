import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readWebhook, type GhlWebhook } from "./read-webhook.ts";

const folder = fileURLToPath(new URL("../../../../../shared/fixtures/ghl", import.meta.url));

/** What each published sample is read as, by the start of its file's name; the rest is ignored. */
const kinds: [RegExp, GhlWebhook["kind"]][] = [
  [/^AppInstall/, "install"],
  [/^AppUninstall/, "uninstall"],
  // The samples of update and delete carry the type of create: which it is, the stored state tells (rule 27).
  [/^Appointment/, "booking"],
  [/^ContactDelete/, "contact_deleted"],
  [/^Contact/, "contact"],
  [/^Order/, "order"],
  [/^Invoice/, "invoice"],
  [/^Product/, "product"],
  [/^Price/, "price"],
  [/^Location/, "location"],
  [/^Opportunity/, "opportunity"],
];

describe.skipIf(!existsSync(folder))("GoHighLevel's own samples are read as what they are", () => {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const samples = files.filter((file) => file.endsWith(".json") && !file.endsWith("_index.json"));

  test.each(samples)("%s", (file) => {
    const told = readWebhook(JSON.parse(readFileSync(`${folder}/${file}`, "utf8")), 1);
    const name = file.split("/").at(-1) ?? "";
    expect(told.kind).toBe(kinds.find(([pattern]) => pattern.test(name))?.[1] ?? "ignored");
    if (!["install", "uninstall", "ignored"].includes(told.kind)) expect(told.location_external_id).not.toBeNull();
  });

  test("there are as many as were published", () => {
    expect(samples.length).toBeGreaterThan(70);
  });

  test("an order that was really delivered is read to the last figure", () => {
    const text = readFileSync(`${folder}/_observed/OrderStatusUpdate.observed.json`, "utf8");
    expect(readWebhook(JSON.parse(text), 1)).toMatchObject({
      kind: "order",
      webhook_id: "419185eb-e937-4402-b9b1-1fd4a62fda90",
      told_at: Date.parse("2025-04-16T18:48:22.881Z"),
      order: {
        order_id: "67fffb713d9b2378a728a8a2",
        payment: {
          status: "paid",
          is_live: false,
          amount_cents: 170_000,
          currency: "PKR",
          paid_at: Date.parse("2025-04-16T18:48:22.486Z"),
          items: [{ product_id: "67bf0a5f9ac9966c4e77205d", quantity: 1, amount_cents: 270_000 }],
        },
      },
    });
  });
});
