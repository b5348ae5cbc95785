import { askAuth, authError } from "./auth.ts";

/** Whether this browser can hold passkeys and read the door's options. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Signs in with whatever passkey the person chooses. */
export async function signInWithPasskey(): Promise<void> {
  const options = await askAuth<PublicKeyCredentialRequestOptionsJSON>("/passkey/generate-authenticate-options");
  // No other is taken: a passkey stands for both factors.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, userVerification: "required" });
  const credential = await chosen(() => navigator.credentials.get({ publicKey }));
  await askAuth("/passkey/verify-authentication", { response: credential.toJSON() as object });
}

/** Makes a passkey for who is signed in. */
export async function addPasskey(name: string): Promise<void> {
  const options = await askAuth<PublicKeyCredentialCreationOptionsJSON>("/passkey/generate-register-options");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await chosen(() => navigator.credentials.create({ publicKey }));
  await askAuth("/passkey/verify-registration", { response: credential.toJSON() as object, name });
}

async function chosen(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await ask().catch((error: unknown) => {
    const is_known = error instanceof DOMException && error.name === "InvalidStateError";
    throw authError(is_known ? "PREVIOUSLY_REGISTERED" : "PASSKEY_CANCELLED");
  });
  if (!(credential instanceof PublicKeyCredential)) throw authError("PASSKEY_CANCELLED");
  return credential;
}
