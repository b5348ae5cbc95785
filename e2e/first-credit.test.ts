import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PASSWORD } from "../server/test/console/console-server.ts";
import { expectWhole } from "./browser.ts";
import { useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser();
const run = promisify(execFile);

test("from signing up, by the API alone, to the first pasted request and its credits in the console", async () => {
  const email = "ada@ortiz.test";
  const page = await server.open("/admin/sign-up");
  await page.getByLabel("Your name").fill("Ada Ortiz");
  await page.getByLabel("Workspace").fill("Ortiz Yoga");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create a workspace" }).click();
  await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
  const [mail] = await server.mailsTo(email);
  const link = mail?.paragraphs.find((paragraph) => paragraph.startsWith(server.origin)) ?? "";
  await page.goto(link);
  await page.getByRole("heading", { name: "Getting started" }).waitFor();
  await expectWhole(page);

  await page.getByRole("button", { name: "New location" }).click();
  await page.getByText("Use the Kotally API instead (no GHL)").click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Name").fill("Ortiz Yoga Downtown");
  await expectWhole(page);
  await page.getByRole("button", { name: "Create location" }).click();
  await page.getByRole("button", { name: /Ortiz Yoga Downtown/ }).waitFor();
  await page.getByRole("heading", { name: "API clients", exact: true }).waitFor();
  await page.getByRole("link", { name: "Getting started" }).click();
  await page.getByText("Runs by the API alone.").waitFor();

  await page.getByRole("link", { name: "Product configs" }).first().click();
  await page.getByRole("heading", { name: "Product configs", exact: true }).waitFor();
  await page.getByText("Nothing is sold yet").waitFor();
  await page.getByRole("button", { name: "New product config" }).click();
  await page.getByLabel("Name").fill("10-class pack");
  await page.getByRole("textbox", { name: "Credits", exact: true }).fill("10");
  await expectWhole(page);
  await page.getByRole("button", { name: "Create product config" }).click();
  await page.getByText("10-class pack is sold from now on.").waitFor();

  await page.getByRole("link", { name: "API clients" }).first().click();
  await page.getByRole("heading", { name: "API clients", exact: true }).waitFor();
  await page.getByRole("button", { name: "New API client" }).first().click();
  await page.getByLabel("Name").fill("website checkout");
  await page.getByRole("button", { name: "Create and show token" }).click();
  await page.getByText("This is the only time that the token is shown.").waitFor();
  await page.keyboard.press("Escape");
  await expectWhole(page);
  const request = await page.getByRole("dialog").locator("pre").first().innerText();
  const { stdout } = await run("sh", ["-c", request]);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, reason_code: "grant_applied", credits_granted: 10 });
  await page.getByRole("button", { name: "I have kept the token" }).click();
  await page.getByRole("link", { name: "website checkout" }).click();
  await page.getByText("Bearer YOUR_TOKEN").waitFor();
  await expectWhole(page);

  await page.getByRole("link", { name: "Getting started" }).click();
  await page.getByText("A purchase came in by the API").waitFor();
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("cell", { name: "10", exact: true }).waitFor();
  await expectWhole(page);
});
