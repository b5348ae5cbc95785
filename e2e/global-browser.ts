import { existsSync } from "node:fs";
import npmChromium from "@sparticuz/chromium";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the one Chromium of the run listens; empty: no test of this run wants one. */
    browser_url: string;
  }
}

/** Where the tests that want a browser are. */
const BROWSER_TESTS = /\/e2e\//;

/** Chromium as Linux distributions and people install it, where the one from npm does not run. */
const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Every host that ends in .test is this machine. */
const ARGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.test 127.0.0.1"];

/** One Chromium for the run, started only where a test wants it. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // What was asked for on the command line; where it is not told, all is meant.
  const { filenamePattern } = project.vitest as { filenamePattern?: string[] };
  const { testFiles } = await project.globTestFiles(filenamePattern);
  if (!testFiles.some((path) => BROWSER_TESTS.test(path))) {
    project.provide("browser_url", "");
    return undefined;
  }
  const server = await chromium.launchServer({ executablePath: await findChromium(), args: ARGS });
  project.provide("browser_url", server.wsEndpoint());
  return () => server.close();
}

async function findChromium(): Promise<string> {
  if (process.platform === "linux" && process.arch === "x64") return npmChromium.executablePath();
  const path = INSTALLED.find((one) => existsSync(one));
  if (path === undefined) throw new Error("browser tests need Chromium or Chrome: install one");
  return path;
}
