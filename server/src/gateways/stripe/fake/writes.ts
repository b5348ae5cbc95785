import {
  configurePortal,
  createCustomer,
  createPrice,
  openPortal,
  preview,
  updateSubscription,
} from "./account-writes.ts";
import type { FakeAccount } from "./account.ts";
import { closeCheckout, openCheckout } from "./checkout-writes.ts";
import type { Form } from "./form.ts";
import type { AnyRow } from "./rows.ts";
import { WriteRefusal } from "./write-call.ts";

const WRITES = [
  createCustomer,
  createPrice,
  openCheckout,
  closeCheckout,
  updateSubscription,
  preview,
  configurePortal,
  openPortal,
];

/** Does what was asked; null: there is no such call. Throws a `WriteRefusal`. */
export function write(
  account: FakeAccount,
  { path, form, base }: { path: string; form: Form; base: string },
): AnyRow | Record<string, unknown> | null {
  for (const call of WRITES) {
    const found = call.path.exec(path);
    if (!found) continue;
    const input = call.input.safeParse(form);
    if (!input.success) {
      const [issue] = input.error.issues;
      const where = issue?.code === "unrecognized_keys" ? issue.keys.join() : issue?.path.join(".");
      throw new WriteRefusal(400, "parameter_invalid", `Received an invalid parameter: ${where}`);
    }
    try {
      return call.run({ account, base, id: found[1] ?? "" }, input.data);
    } catch (error) {
      if (error instanceof WriteRefusal) throw error;
      throw new WriteRefusal(404, "resource_missing", (error as Error).message);
    }
  }
  return null;
}
