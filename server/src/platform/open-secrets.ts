import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { keepFile } from "./kept-file.ts";
import { Secrets } from "./secrets.ts";

const SECRET_BYTES = 32;

/** The secrets that the settings give; without any, one that is made once and kept in the data directory. */
export async function openSecrets(given: string | null, data_dir: string): Promise<Secrets> {
  const make = () => `${randomBytes(SECRET_BYTES).toString("base64url")}\n`;
  return new Secrets(given ?? (await keepFile(data_dir, "secret", make)));
}

/** The key that signs sample webhooks of sandboxes: made once, kept in the data directory (clarification 37). */
export async function openSandboxKey(data_dir: string): Promise<KeyObject> {
  const make = () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  return createPrivateKey(await keepFile(data_dir, "sandbox-webhook-key.pem", make));
}
