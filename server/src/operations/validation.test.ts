import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fieldErrors } from "./validation.ts";

describe("what is wrong with a request is told in plain words", () => {
  test.each([
    [z.iso.date(), "must be a date such as 2026-12-31"],
    [z.iso.datetime({ offset: true }), "must be a time with an offset, such as 2026-12-24T18:00:00Z"],
    [z.guid(), "must be a UUID"],
    [z.uuid(), "must be a UUID"],
    [z.email(), "must be an e-mail address"],
    [z.string().regex(/^[A-Z]{3}$/u, "must be three letters"), "must be three letters"],
  ])("where a text has another form: %#", (schema, message) => {
    const { error } = z.object({ field: schema }).safeParse({ field: "soon" });
    expect(error && fieldErrors(error)).toEqual([{ field: "field", message }]);
  });

  test.each([
    ["", 1, "must not be empty"],
    ["soon", 8, "must be at least 8 characters long"],
  ])("where a text is too short: %j of %i", (given, least, message) => {
    const { error } = z.object({ field: z.string().min(least) }).safeParse({ field: given });
    expect(error && fieldErrors(error)).toEqual([{ field: "field", message }]);
  });
});
