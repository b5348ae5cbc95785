import { expect, test } from "vitest";
import { newStudio, PASSWORD } from "../server/test/console/console-server.ts";
import { expectWhole } from "./browser.ts";
import { signIn, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser();

test("somebody new signs up, follows the mail in the mailbox, and their workspace is open", async () => {
  const page = await server.open("/admin");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await expectWhole(page);
  await page.getByRole("link", { name: "Create a workspace" }).click();
  await page.getByRole("heading", { name: "Create a workspace" }).waitFor();
  await page.getByRole("button", { name: "Create a workspace" }).click();
  await page.getByText("Say what we may call you.").waitFor();
  await expectWhole(page);

  await page.getByLabel("Your name").fill("Ada Ortiz");
  await page.getByLabel("Workspace").fill("Ortiz Yoga");
  await page.getByLabel("E-mail").fill("ada@ortiz.test");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create a workspace" }).click();
  await page.getByText("Must be at least 8 characters long.").waitFor();
  expect(await page.getByLabel("Your name").inputValue()).toBe("Ada Ortiz");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create a workspace" }).click();

  await page.getByText("We have written to ada@ortiz.test").waitFor();
  await expectWhole(page);
  await page.getByRole("link", { name: /development mailbox/ }).click();
  await page
    .getByRole("link", { name: /verify-email/ })
    .first()
    .click();
  await page.getByRole("button", { name: /Ortiz Yoga/ }).waitFor();
});

test("a forgotten password is chosen anew through the mailbox, and every session ends with it", async () => {
  const { owner } = await newStudio(server);
  const page = await server.open("/admin/sign-in");
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  await page.getByRole("heading", { name: "Forgotten password" }).waitFor();
  await page.getByLabel("E-mail").fill(owner.email);
  await expectWhole(page);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText(`If ${owner.email} has an account`).waitFor();
  await page.getByRole("link", { name: /development mailbox/ }).click();
  await page
    .getByRole("link", { name: /reset-password/ })
    .first()
    .click();
  await page.getByLabel("New password").fill("another fine password");
  await expectWhole(page);
  await page.getByRole("button", { name: "Save password" }).click();
  await page.getByText("Your password is changed.").waitFor();

  await signIn(page, owner.email, PASSWORD);
  await page.getByText("E-mail and password do not belong together.").waitFor();
  await signIn(page, owner.email, "another fine password");
  await page.getByRole("button", { name: /A studio/ }).waitFor();
  expect((await owner.visitor.console("GET", "/session")).status).toBe(401);
});

test("an address leads back after signing in, and never to another site", async () => {
  const { owner } = await newStudio(server);
  const page = await server.open("/admin/account?from=mail");
  await page.waitForURL("**/sign-in?next=%2Faccount%3Ffrom%3Dmail");
  await signIn(page, owner.email);
  await page.waitForURL("**/admin/account?from=mail");

  const lured = await server.open(`/admin/sign-in?${new URLSearchParams({ next: "//evil.test/" }).toString()}`);
  await signIn(lured, owner.email);
  await lured.getByRole("button", { name: /A studio/ }).waitFor();
  expect(new URL(lured.url()).origin).toBe(server.origin);
});
