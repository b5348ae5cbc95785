import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSandboxKey, openSecrets } from "./open-secrets.ts";
import { SealError, Secrets } from "./secrets.ts";

const OLD = "the-secret-of-last-year";
const NEW = "the-secret-of-this-year";
const PLACE = "ghl/comp-1/loc-1/refresh_token";

test("what is sealed opens in its own place, never shows its text, and is never the same twice", () => {
  const secrets = new Secrets(OLD);
  const sealed = secrets.seal("rk_live_canary", PLACE);
  expect(secrets.open(sealed, PLACE)).toBe("rk_live_canary");
  expect(sealed).not.toContain("canary");
  expect(Buffer.from(sealed.split(".")[2]!, "base64url").toString("latin1")).not.toContain("canary");
  expect(secrets.seal("rk_live_canary", PLACE)).not.toBe(sealed);
});

test("a sealed text moved to another tenant or field does not open", () => {
  const secrets = new Secrets(OLD);
  const sealed = secrets.seal("rk_live_canary", PLACE);
  for (const elsewhere of ["ghl/comp-1/loc-2/refresh_token", "ghl/comp-1/loc-1/access_token", ""]) {
    expect(() => secrets.open(sealed, elsewhere)).toThrow(SealError);
  }
});

test("a sealed text with any changed bit does not open", () => {
  const secrets = new Secrets(OLD);
  const [version, id, text] = secrets.seal("canary", PLACE).split(".");
  const bytes = Buffer.from(text!, "base64url");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(() => secrets.open(`${version}.${id}.${changed.toString("base64url")}`, PLACE)).toThrow(SealError);
  }
  for (const broken of ["", "s1", `s2.${id}.${text}`, `s1.00000000.${text}`, `s1.${id}.AAAA`]) {
    expect(() => secrets.open(broken, PLACE)).toThrow(SealError);
  }
});

test("while rotating the first secret seals and all open; without the old one the sentence says what to add", () => {
  const before = new Secrets(OLD);
  const during = new Secrets(`${NEW}, ${OLD}`);
  const after = new Secrets(NEW);
  const old_sealed = before.seal("canary", PLACE);
  expect(during.open(old_sealed, PLACE)).toBe("canary");
  expect(old_sealed.startsWith(during.sealPrefix)).toBe(false);
  const sealed_again = during.seal(during.open(old_sealed, PLACE), PLACE);
  expect(sealed_again.startsWith(during.sealPrefix)).toBe(true);
  expect(after.open(sealed_again, PLACE)).toBe("canary");
  expect(() => after.open(old_sealed, PLACE)).toThrow(
    "sealed with another KOTALLY_SECRET: add that one, behind a comma.",
  );
});

test("a signature holds for its text and purpose only, and with an older secret", () => {
  const signature = new Secrets(OLD).sign("text", "oauth state");
  const during = new Secrets(`${NEW},${OLD}`);
  expect(during.isSigned("text", signature, "oauth state")).toBe(true);
  expect(during.isSigned("texts", signature, "oauth state")).toBe(false);
  expect(during.isSigned("text", signature, "embed token")).toBe(false);
  expect(during.isSigned("text", "", "oauth state")).toBe(false);
  expect(new Secrets(NEW).isSigned("text", signature, "oauth state")).toBe(false);
});

test("without a given secret one is made once, readable by its owner only, the same for all that start at once", async () => {
  const data_dir = await mkdtemp(join(tmpdir(), "kotally-secrets-"));
  try {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openSecrets(null, data_dir)));
    const sealed = opened[0]!.seal("canary", PLACE);
    for (const secrets of opened) expect(secrets.open(sealed, PLACE)).toBe("canary");
    expect((await openSecrets(null, data_dir)).open(sealed, PLACE)).toBe("canary");
    expect((await stat(join(data_dir, "secret"))).mode & 0o777).toBe(0o600);
    expect(await readdir(data_dir)).toEqual(["secret"]);
    const [key, again] = await Promise.all([openSandboxKey(data_dir), openSandboxKey(data_dir)]);
    expect(key.asymmetricKeyType).toBe("ed25519");
    expect(key.equals(again)).toBe(true);
    expect((await stat(join(data_dir, "sandbox-webhook-key.pem"))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(data_dir, { recursive: true });
  }
});

test("a given secret wins over the kept one", async () => {
  const given = await openSecrets(OLD, "/nowhere/at/all");
  expect(given.open(new Secrets(OLD).seal("canary", PLACE), PLACE)).toBe("canary");
});
