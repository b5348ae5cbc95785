import { expect, test } from "vitest";
import { hashPassword, isPassword } from "./passwords.ts";

test("a password is kept as Argon2id with at least 19 MiB and two passes, salted", async () => {
  const [first, second] = await Promise.all([hashPassword("a-long-password"), hashPassword("a-long-password")]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(first).not.toBe(second);
});

test("a hash accepts its password, in any Unicode form, and no other", async () => {
  const hash = await hashPassword("caf\u00e9-secret");
  expect(await isPassword("cafe\u0301-secret", hash)).toBe(true);
  expect(await isPassword("cafe-secret", hash)).toBe(false);
  expect(await isPassword("caf\u00e9-secret", "no hash")).toBe(false);
});
