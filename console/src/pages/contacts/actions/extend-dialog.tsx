import { MultiSelect, NumberInput, Radio, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useChange, type Shape } from "../../../api/location-api.ts";
import { extendTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import type { Values } from "../../../ui/server-form.tsx";
import { LastDay } from "../../../ui/when.tsx";
import type { ContactActionProps } from "./contact-action.ts";
import classes from "./extend-dialog.module.css";

interface Fields extends Values {
  entitlement_ids: string[];
  how: "days" | "until";
  days: number | string;
  until_on: string;
}

const INITIAL: Fields = { entitlement_ids: [], how: "days", days: 7, until_on: "" };
const { needed } = extendTexts;

/** Gives entitlements more time. */
export function ExtendDialog({ contact_id, entitlements, names, onClose }: ContactActionProps) {
  const extend = useChange("/contacts/{external_contact_id}/extend");
  return (
    <ChangeDialog
      title={extendTexts.title}
      about={extendTexts.about}
      confirm={extendTexts.confirm}
      reason="required"
      initial={INITIAL}
      check={({ how, days, until_on }) => ({
        days: how === "days" && (!Number.isInteger(days) || Number(days) < 1) && needed.days,
        until_on: how === "until" && until_on === "" && needed.until,
      })}
      ask={({ entitlement_ids, how, days, until_on }, { reason = "", ...asked }) =>
        extend.mutateAsync({
          path: { external_contact_id: contact_id },
          body: {
            ...asked,
            reason,
            ...(entitlement_ids.length > 0 && { entitlement_ids }),
            ...(how === "days" ? { days: Number(days) } : { until_on }),
          },
        })
      }
      describe={({ extended }) => <Extended extended={extended} names={names} />}
      names={names}
      done={() => extendTexts.done}
      onClose={onClose}
    >
      {(form) => <ExtendFields form={form} entitlements={entitlements} names={names} />}
    </ChangeDialog>
  );
}

interface ExtendedProps {
  extended: readonly { entitlement_id: string; before: string; after: string }[];
  names: ReadonlyMap<string, string>;
}

function Extended({ extended, names }: ExtendedProps) {
  if (extended.length === 0) return <>{extendTexts.nothing}</>;
  return (
    <ul className={classes.extended}>
      {extended.map(({ entitlement_id, before, after }) => (
        <li key={entitlement_id}>
          <span>{names.get(entitlement_id)}</span>
          <span>
            <LastDay before={before} /> → <strong children={<LastDay before={after} />} />
          </span>
        </li>
      ))}
    </ul>
  );
}

interface ExtendFieldsProps {
  form: UseFormReturnType<Fields & { reason: string }>;
  entitlements: readonly Shape<"Entitlement">[];
  names: ReadonlyMap<string, string>;
}

function ExtendFields({ form, entitlements, names }: ExtendFieldsProps) {
  const lots = entitlements
    .filter(({ expires_at }) => expires_at !== null)
    .map(({ id, name }) => ({ value: id, label: names.get(id) ?? name }));
  const { how } = form.getValues();
  return (
    <>
      <MultiSelect
        label={extendTexts.which}
        description={extendTexts.which_about}
        data={lots}
        {...form.getInputProps("entitlement_ids")}
      />
      <Radio.Group label={extendTexts.how} {...form.getInputProps("how")}>
        <Stack gap="xs" mt={6}>
          <Radio value="days" label={extendTexts.days} data-autofocus />
          <Radio value="until" label={extendTexts.until} />
        </Stack>
      </Radio.Group>
      {how === "days" ? (
        <NumberInput
          label={extendTexts.days_label}
          w={120}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps("days")}
        />
      ) : (
        <TextInput type="date" label={extendTexts.until_label} {...form.getInputProps("until_on")} />
      )}
    </>
  );
}
