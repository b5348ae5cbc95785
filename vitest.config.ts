import { defineConfig } from "vitest/config";
import { ClosingLine } from "./server/test/closing-line.ts";

export default defineConfig(({ mode }) => ({
  test: {
    include: [
      "server/src/**/*.test.ts",
      "server/test/**/*.test.ts",
      "console/**/*.test.{ts,tsx}",
      "simulation/**/*.test.ts",
      "bench/**/*.test.ts",
      "e2e/**/*.test.ts",
    ],
    globalSetup: ["server/test/global-setup.ts", "e2e/global-browser.ts"],
    reporters: ["default", new ClosingLine()],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: mode === "long" || mode === "usual" ? 3_600_000 : 30_000,
    hookTimeout: 60_000,
    env: { TEST_LENGTH: mode === "long" || mode === "usual" ? mode : "short" },
  },
}));
