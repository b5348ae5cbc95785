import { BALANCE_FIELD_CALLS } from "./balance-field-calls.ts";
import { BULK_CALLS } from "./bulk-calls.ts";
import { CLIENT_CALLS } from "./client-calls.ts";
import type { ConsoleCall } from "./console-call.ts";
import { FAMILY_CALLS } from "./family-calls.ts";
import { INSTALLATION_CALLS } from "./installation-calls.ts";
import { LOCATION_CALLS } from "./location-calls.ts";
import { PRODUCT_CALLS } from "./product-calls.ts";
import { STRIPE_CALLS } from "./stripe-calls.ts";
import { WEBHOOK_CALLS } from "./webhook-calls.ts";

/** What staff manage: locations, what each sells, who may call it, and what it is connected to. */
export const STAFF_CALLS: readonly ConsoleCall[] = [
  ...LOCATION_CALLS,
  ...PRODUCT_CALLS,
  ...FAMILY_CALLS,
  ...CLIENT_CALLS,
  ...INSTALLATION_CALLS,
  ...STRIPE_CALLS,
  ...BALANCE_FIELD_CALLS,
  ...BULK_CALLS,
  ...WEBHOOK_CALLS,
];
