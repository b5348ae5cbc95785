import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { codeOf } from "../server/test/console/authenticator.ts";
import { newStudio, PASSWORD } from "../server/test/console/console-server.ts";
import { expectWhole } from "./browser.ts";
import { signIn, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser();

test("a second factor is set up with an authenticator app, and asked for from then on", async () => {
  const { owner } = await newStudio(server);
  const page = await server.openAs(owner.email, "/account");
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  await expectWhole(page);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("Your password").fill("not the password");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("This is not your password.").waitFor();
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  await expectWhole(page);
  const secret = await page.getByRole("dialog").locator("code").first().innerText();
  await page.getByLabel("Code from the app").fill("000000");
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByText("This code does not fit.").waitFor();
  await page.getByLabel("Code from the app").fill(codeOf(`otpauth://totp/Kotally?secret=${secret}`, Date.now()));
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("heading", { name: "Backup codes" }).waitFor();
  await expectWhole(page);
  const backup_code = await page.getByRole("dialog").locator("code").first().innerText();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("Signing in asks for a code").waitFor();

  const elsewhere = await server.open("/admin/sign-in?next=%2Faccount");
  await signIn(elsewhere, owner.email);
  await elsewhere.getByRole("heading", { name: "Second factor" }).waitFor();
  await expectWhole(elsewhere);
  await elsewhere.getByRole("button", { name: "Use a backup code" }).click();
  await elsewhere.getByLabel("Backup code", { exact: true }).fill(backup_code);
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await elsewhere.waitForURL("**/admin/account");
});

test("a session that was ended elsewhere keeps the page, and what was typed, until one signs in again", async () => {
  const { owner } = await newStudio(server);
  const page = await server.openAs(owner.email, "/account");
  const elsewhere = await server.openAs(owner.email, "/account");
  await page.getByLabel("Name", { exact: true }).fill("Somebody Else");
  await elsewhere.getByRole("button", { name: "End all others" }).click();
  await elsewhere.getByText(/ended\.$/).waitFor();

  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("Your session has ended.").waitFor();
  await expectWhole(page);
  await page.getByRole("dialog").getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Somebody Else");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("Name saved.").waitFor();
});

test("a session that ended asks for the second step, too, before anything goes on, and keeps what was typed", async () => {
  const { owner } = await newStudio(server);
  const page = await server.openBy(owner.visitor, "/account");
  await page.getByLabel("Name", { exact: true }).fill("Somebody Else");
  const other = server.visitor();
  await other.signIn(owner.email, PASSWORD);
  const { body } = await other.post("/api/auth/two-factor/enable", { password: PASSWORD });
  const { totpURI, backupCodes } = body as unknown as { totpURI: string; backupCodes: string[] };
  await other.post("/api/auth/two-factor/verify-totp", { code: codeOf(totpURI, Date.now()) });
  await other.console("POST", "/sessions/end-others");

  await page.getByRole("button", { name: "Save name" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await dialog.getByLabel("Code", { exact: true }).waitFor();
  expect(page.context().pages()).toHaveLength(1);
  await expectWhole(page);
  await dialog.getByRole("button", { name: "Use a backup code" }).click();
  await dialog.getByLabel("Backup code", { exact: true }).fill(backupCodes[0] ?? "");
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Somebody Else");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("Name saved.").waitFor();
});

test("a lost connection is said, keeps what was typed, and is over by itself", async () => {
  const { owner } = await newStudio(server);
  const page = await server.openAs(owner.email, "/account");
  await page.getByLabel("Name", { exact: true }).fill("Offline Olga");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("The server cannot be reached.").waitFor();
  await page.context().setOffline(false);
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Offline Olga");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("Name saved.").waitFor();
  await page.getByText("The server cannot be reached.").waitFor({ state: "detached" });
});

test("a passkey is added, signs in by itself, and signs in no more once it is removed", async () => {
  const { owner } = await newStudio(server);
  const page = await server.openAs(owner.email, "/account");
  await holdPasskeys(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expectWhole(page);
  await page.getByRole("dialog").getByLabel("Name").fill("Front desk");
  await page.getByRole("dialog").getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Front desk").waitFor();
  await expectWhole(page);

  await page.context().clearCookies();
  await page.goto(`${server.origin}/admin/sign-in?next=%2Faccount`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL("**/admin/account");

  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("No passkeys yet.").waitFor();
  await page.context().clearCookies();
  await page.goto(`${server.origin}/admin/sign-in`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("This passkey belongs to no account here.").waitFor();
  await expectWhole(page);
});

/** From now on the page's browser holds passkeys, and its person says yes to each. */
async function holdPasskeys(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
