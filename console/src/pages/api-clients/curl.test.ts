import { expect, test } from "vitest";
import { curlOf } from "./curl.ts";

const TRIED = { token: "ktly_a_b", product_config_id: "pc_1", base: "http://localhost:3000" };

test("a first request names the address, the token and a whole body, each in one quoted word", () => {
  const curl = curlOf("grant", TRIED) ?? "";
  const [address, authorization, type, body = ""] = [...curl.matchAll(/'([^']*)'/g)].map(([, word]) => word);
  expect([address, authorization, type]).toEqual([
    "http://localhost:3000/api/v2/grants",
    "Authorization: Bearer ktly_a_b",
    "Content-Type: application/json",
  ]);
  expect(JSON.parse(body)).toEqual({
    request_id: "first-grant",
    external_payment_id: "first-payment",
    external_contact_id: "first-member",
    product_config_id: "pc_1",
  });
});

test("what needs a product is not shown before there is one; reading needs none", () => {
  const without = { ...TRIED, product_config_id: null };
  expect(curlOf("deduct", without)).toBeNull();
  expect(curlOf("summary", without)).toContain("/contacts/first-member/summary");
});
