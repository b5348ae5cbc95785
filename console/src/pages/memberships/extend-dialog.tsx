import { NumberInput, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { membershipsTexts } from "../../texts/memberships.ts";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import type { Membership } from "./membership-columns.tsx";

const { extend: texts } = membershipsTexts;
const MAX_DAYS = 3650;
const A_WEEK = 7;

type How = "by_days" | "to_day";

type ExtendValues = {
  how: How;
  days: number | string;
  until_on: string;
  /** Null: whatever they hold. */
  plan: string | null;
};

/** Gives what these members hold more time. */
export function ExtendDialog(props: { memberships: readonly Membership[]; onClose: () => void }) {
  const { memberships, onClose } = props;
  const contacts = [...new Set(memberships.map(({ contact }) => contact.external_contact_id))];
  const plans = new Map(memberships.map(({ product_config_id, name }) => [product_config_id, name]));
  const [only = null] = plans.size === 1 ? [...plans.keys()] : [];
  const initial: ExtendValues = { how: "by_days", days: A_WEEK, until_on: "", plan: only };
  return (
    <BulkDialog
      title={texts.title(contacts.length)}
      about={texts.about}
      initial={initial}
      check={({ how, days, until_on }) => ({
        days: how === "by_days" && !isDays(days) && texts.days_wrong,
        until_on: how === "to_day" && until_on === "" && texts.until_needed,
      })}
      work={({ how, days, until_on, plan, reason }) => ({
        kind: "extend",
        contacts,
        reason: reason.trim(),
        ...(plan !== null && { product_config_id: plan }),
        ...(how === "by_days" ? { days: Number(days) } : { until_on }),
      })}
      confirm={texts.confirm}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Stack gap={6} align="flex-start">
            <SegmentedControl
              size="xs"
              aria-label={texts.how}
              data={[
                { value: "by_days", label: texts.by_days },
                { value: "to_day", label: texts.to_day },
              ]}
              value={form.getValues().how}
              onChange={(how) => form.setFieldValue("how", how)}
            />
            {form.getValues().how === "by_days" ? (
              <NumberInput
                label={texts.days}
                w={180}
                min={1}
                max={MAX_DAYS}
                allowDecimal={false}
                {...form.getInputProps("days")}
              />
            ) : (
              <TextInput type="date" label={texts.until} w={180} {...form.getInputProps("until_on")} />
            )}
          </Stack>
          <Select
            label={texts.what}
            placeholder={texts.everything}
            clearable
            data={[...plans].map(([value, label]) => ({ value, label }))}
            {...form.getInputProps("plan")}
          />
        </>
      )}
    </BulkDialog>
  );
}

function isDays(days: number | string): boolean {
  const count = Number(days);
  return Number.isInteger(count) && count >= 1 && count <= MAX_DAYS;
}
