import { Group, Input, NumberInput, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useId } from "react";
import { useChange, type Shape } from "../../../api/location-api.ts";
import { useProducts } from "../../../api/use-products.ts";
import { adjustTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import type { ContactActionProps } from "./contact-action.ts";

type Fields = {
  direction: "add" | "take";
  amount: number | string;
  product_config_id: string | null;
  entitlement_id: string | null;
  until_on: string;
};

const INITIAL: Fields = { direction: "add", amount: 1, product_config_id: null, entitlement_id: null, until_on: "" };

/** Adds or takes credits by hand. */
export function AdjustDialog({ contact_id, entitlements, names, onClose }: ContactActionProps) {
  const adjust = useChange("/contacts/{external_contact_id}/adjust");
  return (
    <ChangeDialog
      title={adjustTexts.title}
      about={adjustTexts.about}
      confirm={adjustTexts.title}
      reason="required"
      initial={INITIAL}
      check={({ direction, amount, product_config_id }) => ({
        amount: (!Number.isInteger(amount) || Number(amount) < 1) && adjustTexts.needed.amount,
        product_config_id: direction === "add" && product_config_id === null && adjustTexts.needed.product,
      })}
      ask={({ direction, amount, product_config_id, entitlement_id, until_on }, { reason = "", ...asked }) =>
        adjust.mutateAsync({
          path: { external_contact_id: contact_id },
          body: {
            ...asked,
            reason,
            amount: direction === "add" ? Number(amount) : -Number(amount),
            ...(product_config_id !== null && { product_config_id }),
            ...(direction === "take" && entitlement_id !== null && { entitlement_id }),
            ...(direction === "add" && until_on !== "" && { until_on }),
          },
        })
      }
      names={names}
      done={() => adjustTexts.done}
      onClose={onClose}
    >
      {(form) => <AdjustFields form={form} entitlements={entitlements} names={names} />}
    </ChangeDialog>
  );
}

interface AdjustFieldsProps {
  form: UseFormReturnType<Fields & { reason: string }>;
  entitlements: readonly Shape<"Entitlement">[];
  names: ReadonlyMap<string, string>;
}

function AdjustFields({ form, entitlements, names }: AdjustFieldsProps) {
  const products = useProducts({ selling: false }).map(({ id, name }) => ({ value: id, label: name }));
  const lots = entitlements.map(({ id, name }) => ({ value: id, label: names.get(id) ?? name }));
  const { direction } = form.getValues();
  const label_id = useId();
  return (
    <>
      <Group align="flex-start" gap="md">
        <Stack gap={0}>
          <Input.Label labelElement="div" id={label_id}>
            {adjustTexts.direction}
          </Input.Label>
          <SegmentedControl
            aria-labelledby={label_id}
            data={[
              { value: "add", label: adjustTexts.add },
              { value: "take", label: adjustTexts.take },
            ]}
            {...form.getInputProps("direction")}
          />
        </Stack>
        <NumberInput
          label={adjustTexts.amount}
          w={120}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          data-autofocus
          {...form.getInputProps("amount")}
        />
      </Group>
      <Select
        label={adjustTexts.product}
        {...(direction === "add"
          ? { description: adjustTexts.product_about, required: true }
          : { placeholder: adjustTexts.any_product, clearable: true })}
        data={products}
        searchable
        {...form.getInputProps("product_config_id")}
      />
      {direction === "add" ? (
        <TextInput
          type="date"
          label={adjustTexts.until}
          description={adjustTexts.until_about}
          {...form.getInputProps("until_on")}
        />
      ) : (
        <Select
          label={adjustTexts.entitlement}
          placeholder={adjustTexts.any_entitlement}
          data={lots}
          clearable
          {...form.getInputProps("entitlement_id")}
        />
      )}
    </>
  );
}
