import { writeSync } from "node:fs";
import process from "node:process";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a run with the plain line "N passed, N failed". It is written on exit, so that it stands last and knows of
 * failures outside any test: a file that did not load, an unhandled rejection, a teardown that threw.
 */
export class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  onInit(): void {
    process.once("exit", (code) => writeSync(1, `${this.#line(code)}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled_errors: readonly unknown[]): void {
    this.#passed = this.#skipped = 0;
    this.#failed = unhandled_errors.length;
    for (const module of modules) {
      const states = Array.from(module.children.allTests(), (test) => test.result().state);
      this.#passed += states.filter((state) => state === "passed").length;
      this.#skipped += states.filter((state) => state === "skipped").length;
      const failed = states.filter((state) => state === "failed" || state === "pending").length;
      this.#failed += module.ok() ? failed : Math.max(failed, 1);
    }
  }

  #line(exit_code: number): string {
    const failed = exit_code === 0 ? this.#failed : Math.max(this.#failed, 1);
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : "";
    return `${this.#passed} passed, ${failed} failed${skipped}`;
  }
}
