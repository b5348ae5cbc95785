import type { z } from "zod";

/** One thing that is wrong with a request: the field as the caller wrote it, and what it must be. */
export interface FieldError {
  field: string;
  message: string;
}

/** Input that only the database could tell is wrong: answered as a schema's refusal is, beside the fields. */
export class InputError extends Error {
  readonly errors: FieldError[];

  constructor(errors: FieldError[]) {
    super(errors.map(({ field, message }) => `${field} ${message}`).join("; "));
    this.errors = errors;
  }
}

type Issue = z.core.$ZodIssue;

const KINDS: Record<string, string> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a JSON object",
  record: "a JSON object",
  date: "a date",
};

const FORMATS: Record<string, string> = {
  date: "a date such as 2026-12-31",
  datetime: "a time with an offset, such as 2026-12-24T18:00:00Z",
  guid: "a UUID",
  uuid: "a UUID",
  email: "an e-mail address",
};

/** All that a schema found wrong, in plain words: the first thing of each field. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  const found = error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), message: "is not a known field" }));
    }
    return [{ field: fieldName(issue.path), message: messageOf(issue) }];
  });
  return found.filter((one, i) => found.findIndex((other) => other.field === one.field) === i);
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "body" : path.map(String).join(".");
}

function messageOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined && isMissing(issue)
        ? "is required"
        : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "too_small":
      return boundMessage(issue.origin, "at least", Number(issue.minimum));
    case "too_big":
      return boundMessage(issue.origin, "at most", Number(issue.maximum));
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return FORMATS[issue.format] === undefined ? custom(issue) : `must be ${FORMATS[issue.format]}`;
    default:
      return custom(issue);
  }
}

function isMissing(issue: Issue): boolean {
  return issue.message.endsWith(" received undefined");
}

function custom(issue: Issue): string {
  return issue.message.startsWith("must") || issue.message.startsWith("is ")
    ? issue.message
    : `is not valid: ${issue.message}`;
}

function boundMessage(origin: string, bound: "at least" | "at most", limit: number): string {
  if (origin === "string") {
    return bound === "at least" && limit === 1 ? "must not be empty" : `must be ${bound} ${limit} characters long`;
  }
  if (origin === "array" || origin === "set") return `must have ${bound} ${limit} items`;
  return `must be a whole number of ${bound} ${limit}`;
}
