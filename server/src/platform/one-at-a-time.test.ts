import { expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

test("a timer that fires during the last run begins no second one, and after a failure the next runs again", async () => {
  let runs = 0;
  let end: (error: Error | null) => void = () => {};
  const work = oneAtATime(() => {
    runs += 1;
    return new Promise((resolve, reject) => (end = (error) => (error ? reject(error) : resolve(null))));
  });
  const first = work();
  await work();
  expect(runs).toBe(1);
  end(new Error("the database is away"));
  await expect(first).rejects.toThrow("away");
  const second = work();
  expect(runs).toBe(2);
  end(null);
  await second;
});
