import { z } from "zod";
import { listCustomFields } from "../../gateways/ghl/custom-fields.ts";
import { text } from "../../operations/fields.ts";
import { chooseBalanceField } from "../../operations/write-back/choose-balance-field.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const fields = consoleCall({
  realm: "location",
  method: "get",
  path: "/ghl/custom-fields",
  name: "ghl_custom_fields",
  title: "List GoHighLevel's custom fields",
  about: "Fields of contacts that can show a number: one of them may show the members' balances.",
  role: "viewer",
  input: z.object({}),
  refusals: ["NOT_CONNECTED", "GHL_UNAVAILABLE"],
  answer: z.object({
    custom_fields: z.array(
      z.object({ field_id: z.string(), name: z.string().nullable(), data_type: z.string().nullable() }),
    ),
  }),
  run: ({ ghl }, { location_id }) =>
    ghl.answer(
      location_id,
      "custom fields",
      ({ client, ghl_location_id }) => listCustomFields(client, ghl_location_id),
      (found) => ({
        custom_fields: found
          .filter(({ data_type }) => data_type === null || SHOWS_A_NUMBER.has(data_type))
          .map(({ field_id, name, data_type }) => ({ field_id, name, data_type })),
      }),
    ),
});

const SHOWS_A_NUMBER = new Set(["NUMERICAL", "TEXT"]);

const choose = consoleCall({
  realm: "location",
  method: "put",
  path: "/ghl/balance-field",
  name: "choose_balance_field",
  title: "Choose the field that shows balances",
  about: "All balances are written to it again.",
  role: "admin",
  input: z.object({ field_id: text.nullable().describe("Null: the field Kotally balance, made where there is none.") }),
  refusals: ["NOT_CONNECTED"],
  answer: z.object({ field_id: z.string().nullable() }),
  run: ({ change, clock }, by, { field_id }) =>
    change(by, (tx) => chooseBalanceField(tx, by.location_id, field_id, clock.now())),
});

/** Where GoHighLevel shows the members' balances. */
export const BALANCE_FIELD_CALLS: readonly ConsoleCall[] = [fields, choose];
