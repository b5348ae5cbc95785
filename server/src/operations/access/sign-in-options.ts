import { passkey, type PasskeyOptions } from "@better-auth/passkey";
import type { BetterAuthOptions } from "better-auth";
import { APIError } from "better-auth/api";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { Database } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { hashPassword, isPassword, MAX_PASSWORD, MIN_PASSWORD } from "./passwords.ts";
import { signInAdapter } from "./sign-in-adapter.ts";

/** The address of the browser's side, which no client can set: whoever calls the library writes it over. */
export const CLIENT_ADDRESS = "x-kotally-client";

const HOUR = 3600;
const DAY = 24 * HOUR;

const TIMES = { createdAt: "created_at", updatedAt: "updated_at" } as const;
const PERSON = { userId: "user_id" } as const;

/** Where the library finds its models: our tables, in our words. */
const MODELS = {
  user: {
    modelName: "users",
    fields: { emailVerified: "email_verified", ...TIMES },
    additionalFields: { workspace_name: { type: "string", required: false, returned: false } },
  },
  session: {
    modelName: "sessions",
    fields: { ...PERSON, expiresAt: "expires_at", ipAddress: "ip_address", userAgent: "user_agent", ...TIMES },
    expiresIn: 7 * DAY,
    updateAge: DAY,
  },
  account: {
    modelName: "sign_in_methods",
    fields: { ...PERSON, providerId: "provider_id", accountId: "account_id", password: "password_hash", ...TIMES },
  },
  verification: {
    modelName: "verifications",
    fields: { expiresAt: "expires_at", ...TIMES },
    storeIdentifier: "hashed",
  },
} satisfies BetterAuthOptions;

const SECOND_FACTOR = {
  user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
  twoFactor: {
    modelName: "two_factors",
    fields: {
      ...PERSON,
      backupCodes: "backup_codes",
      failedVerificationCount: "failed_verification_count",
      lockedUntil: "locked_until",
    },
  },
} as const;

const PASSKEYS = {
  passkey: {
    modelName: "passkeys",
    fields: {
      ...PERSON,
      credentialID: "credential_id",
      publicKey: "public_key",
      deviceType: "device_type",
      backedUp: "backed_up",
      createdAt: "created_at",
    },
  },
} as const;

/** A passkey stands for both factors: whoever holds the device shows a PIN or themselves, too. */
const VERIFIED_PASSKEYS = {
  authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  registration: {
    afterVerification: ({ verification }) => refuseUnverified(verification.registrationInfo?.userVerified),
  },
  authentication: {
    afterVerification: ({ verification }) => refuseUnverified(verification.authenticationInfo.userVerified),
  },
} satisfies Partial<PasskeyOptions>;

function refuseUnverified(is_verified: boolean | undefined): void {
  if (is_verified === true) return;
  const message = "The device must ask for a PIN, a fingerprint or the like.";
  throw new APIError("UNAUTHORIZED", { code: "PASSKEY_UNVERIFIED", message });
}

/** How people sign in, as far as it depends on nobody else: passwords, sessions, cookies, second factors, passkeys. */
export function signInOptions(db: Database, secrets: Secrets, public_url: string) {
  const { origin, hostname, protocol } = new URL(public_url);
  return {
    appName: "Kotally",
    baseURL: origin,
    basePath: "/api/auth",
    secrets: secrets.derive("sign-in"),
    database: signInAdapter(db),
    trustedOrigins: [origin],
    telemetry: { enabled: false },
    ...MODELS,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
      // Whoever signs up learns by mail whether the address had an account: the answer is one and the same.
      requireEmailVerification: true,
      autoSignIn: false,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: HOUR,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(password, hash) },
    },
    emailVerification: { sendOnSignUp: true, sendOnSignIn: true, autoSignInAfterVerification: true, expiresIn: DAY },
    plugins: [
      twoFactor({ issuer: "Kotally", backupCodeOptions: { storeBackupCodes: "encrypted" }, schema: SECOND_FACTOR }),
      passkey({ rpID: hostname, rpName: "Kotally", origin, schema: PASSKEYS, ...VERIFIED_PASSKEYS }),
    ],
    advanced: {
      cookiePrefix: "kotally",
      useSecureCookies: protocol === "https:",
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
      database: { generateId: () => newId(), validateSchema: false },
      disableCSRFCheck: false,
      disableOriginCheck: false,
    },
  } satisfies BetterAuthOptions;
}
