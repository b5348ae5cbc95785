import type { DemoStudio } from "../operations/catalog/demo-studio.ts";

/** What a first start prints: sign-in, token, and four lines that work as pasted. */
export function demoLines(address: string, demo: DemoStudio): string[] {
  const { owner, token, pack_id, membership_id } = demo;
  const post = (path: string, body: Record<string, unknown>) =>
    `curl -s ${address}/api/v2${path} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'; echo`;
  const ask = { external_contact_id: "maya", calendar_id: "cal_yoga" };
  return [
    "",
    "A demo studio is ready, in a sandbox location with its own clock.",
    `  Owner      ${owner.email}`,
    `  Password   ${owner.password}`,
    `  API token  ${token}   (token shown at first start only)`,
    `  Products   10-class pack ${pack_id}, Monthly 8 ${membership_id}`,
    "",
    "Grant, check, deduct, restore:",
    "",
    post("/grants", {
      request_id: "demo-grant-1",
      external_payment_id: "demo-payment-1",
      external_contact_id: "maya",
      name: "Maya Lopez",
      product_config_id: pack_id,
    }),
    "",
    post("/entitlements/check-eligibility", ask),
    "",
    post("/entitlements/deduct", { request_id: "demo-deduct-1", ...ask, external_ref: "booking-1" }),
    "",
    post("/entitlements/restore", { request_id: "demo-restore-1", ...ask, external_ref: "booking-1" }),
    "",
  ];
}
