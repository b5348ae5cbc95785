import { z } from "zod";
import type { FakeAccount } from "./account.ts";
import type { AnyRow } from "./rows.ts";

/** What somebody with the account's secret key did, and what is answered. */
export interface Write {
  account: FakeAccount;
  /** Where the account's pages are. */
  base: string;
  /** Of the object that the path names. */
  id: string;
}

/** A call that changes the account: a field that it does not know is refused, as Stripe refuses it. */
export interface WriteCall<Input extends z.ZodType> {
  path: RegExp;
  input: Input;
  run(write: Write, input: z.output<Input>): AnyRow | Record<string, unknown>;
}

/** Something that was asked for and is refused. */
export class WriteRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function writeCall<Input extends z.ZodType>(call: WriteCall<Input>): WriteCall<z.ZodType> {
  return call;
}

export const text = z.string().min(1);
export const whole = z.coerce.number().int();
export const metadata = z.record(z.string(), z.string()).default({});

/** A form counts the members of a list. */
export const listOf = <One extends z.ZodType>(one: One) => z.preprocess(membersOf, z.array(one));

/** A list that has one member. */
export const listOfOne = <One extends z.ZodType>(one: One) =>
  z.preprocess((value) => (membersOf(value).length === 1 ? membersOf(value)[0] : undefined), one);

function membersOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}
