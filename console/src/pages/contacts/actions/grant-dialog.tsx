import { Group, Select, TextInput } from "@mantine/core";
import { useChange } from "../../../api/location-api.ts";
import { useLocationHere } from "../../../api/place.ts";
import { useProducts } from "../../../api/use-products.ts";
import { grantTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { startOfLocalDay } from "../../../ui/local-day.ts";
import { centsOf } from "../../../ui/money.ts";
import type { Values } from "../../../ui/server-form.tsx";
import type { ContactActionProps } from "./contact-action.ts";

interface Fields extends Values {
  product_config_id: string | null;
  paid: string;
  paid_on: string;
}

const INITIAL: Fields = { product_config_id: null, paid: "", paid_on: "" };

/** Sells something at the desk. */
export function GrantDialog({ contact_id, names, onClose }: Omit<ContactActionProps, "entitlements">) {
  const grant = useChange("/contacts/{external_contact_id}/grant");
  const { currency, timezone } = useLocationHere();
  const products = useProducts().map(({ id, name }) => ({ value: id, label: name }));
  return (
    <ChangeDialog
      title={grantTexts.title}
      about={grantTexts.about}
      confirm={grantTexts.confirm}
      reason="required"
      initial={INITIAL}
      check={({ product_config_id, paid }) => ({
        product_config_id: product_config_id === null && grantTexts.product_needed,
        paid: paid.trim() !== "" && centsOf(paid, currency) === null && grantTexts.paid_wrong,
      })}
      ask={({ product_config_id, paid, paid_on }, { reason = "", ...asked }) => {
        const amount_cents = centsOf(paid, currency);
        return grant.mutateAsync({
          path: { external_contact_id: contact_id },
          body: {
            ...asked,
            reason,
            product_config_id: product_config_id ?? "",
            ...(amount_cents !== null && { amount_cents, currency }),
            ...(paid_on !== "" && { paid_at: startOfLocalDay(paid_on, timezone) }),
          },
        });
      }}
      describe={({ credits_granted, unlimited }) =>
        unlimited ? grantTexts.result_unlimited : grantTexts.result(formatNumber(credits_granted))
      }
      names={names}
      done={({ credits_granted, unlimited }) =>
        unlimited ? grantTexts.done_unlimited : grantTexts.done(formatNumber(credits_granted))
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <Select
            label={grantTexts.product}
            data={products}
            searchable
            required
            data-autofocus
            {...form.getInputProps("product_config_id")}
          />
          <Group grow align="flex-start">
            <TextInput
              label={grantTexts.paid}
              description={grantTexts.paid_about(currency)}
              inputWrapperOrder={["label", "input", "error", "description"]}
              inputMode="decimal"
              {...form.getInputProps("paid")}
            />
            <TextInput
              type="date"
              label={grantTexts.paid_on}
              description={grantTexts.paid_on_about}
              inputWrapperOrder={["label", "input", "error", "description"]}
              {...form.getInputProps("paid_on")}
            />
          </Group>
        </>
      )}
    </ChangeDialog>
  );
}
