import { NumberInput, Radio, Select, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useChange, usePages } from "../../../api/location-api.ts";
import { useCalendarNames } from "../../../api/use-calendars.ts";
import { useProducts } from "../../../api/use-products.ts";
import { restoreTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import { formatInstant } from "../../../ui/format.ts";
import type { Values } from "../../../ui/server-form.tsx";
import { useTimezone } from "../../../ui/when.tsx";
import type { ContactActionProps } from "./contact-action.ts";

interface Fields extends Values {
  of: "booking" | "product";
  external_ref: string | null;
  product_config_id: string | null;
  amount: number | string;
}

const INITIAL: Fields = { of: "booking", external_ref: null, product_config_id: null, amount: 1 };
const { needed } = restoreTexts;

/** Gives back what a booking or an automation took. */
export function RestoreDialog({ contact_id, names, onClose }: Omit<ContactActionProps, "entitlements">) {
  const restore = useChange("/contacts/{external_contact_id}/restore");
  return (
    <ChangeDialog
      title={restoreTexts.title}
      about={restoreTexts.about}
      confirm={restoreTexts.confirm}
      reason="required"
      initial={INITIAL}
      check={({ of, external_ref, product_config_id, amount }) => ({
        external_ref: of === "booking" && external_ref === null && needed.booking,
        product_config_id: of === "product" && product_config_id === null && needed.product,
        amount: (!Number.isInteger(amount) || Number(amount) < 1) && needed.amount,
      })}
      ask={({ of, external_ref, product_config_id, amount }, { reason = "", ...asked }) =>
        restore.mutateAsync({
          path: { external_contact_id: contact_id },
          body: {
            ...asked,
            reason,
            amount: Number(amount),
            ...(of === "booking" && external_ref !== null && { external_ref }),
            ...(of === "product" && product_config_id !== null && { product_config_id }),
          },
        })
      }
      names={names}
      done={() => restoreTexts.done}
      onClose={onClose}
    >
      {(form) => <RestoreFields form={form} contact_id={contact_id} />}
    </ChangeDialog>
  );
}

interface RestoreFieldsProps {
  form: UseFormReturnType<Fields & { reason: string }>;
  contact_id: string;
}

function RestoreFields({ form, contact_id }: RestoreFieldsProps) {
  const { of } = form.getValues();
  const products = useProducts({ selling: false }).map(({ id, name }) => ({ value: id, label: name }));
  const bookings = useCharged(contact_id);
  return (
    <>
      <Radio.Group label={restoreTexts.what} {...form.getInputProps("of")}>
        <Stack gap="xs" mt={6}>
          <Radio value="booking" label={restoreTexts.booking} data-autofocus />
          <Radio value="product" label={restoreTexts.product} />
        </Stack>
      </Radio.Group>
      {of === "booking" ? (
        <Select
          label={restoreTexts.which_booking}
          data={bookings}
          searchable
          required
          nothingFoundMessage={restoreTexts.no_bookings}
          {...form.getInputProps("external_ref")}
        />
      ) : (
        <Select
          label={restoreTexts.which_product}
          data={products}
          searchable
          required
          {...form.getInputProps("product_config_id")}
        />
      )}
      <NumberInput
        label={restoreTexts.amount}
        w={120}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        {...form.getInputProps("amount")}
      />
    </>
  );
}

/** The contact's latest bookings that took credits, to choose from. */
function useCharged(contact_id: string): { value: string; label: string }[] {
  const timezone = useTimezone();
  const nameOf = useCalendarNames();
  const params = { path: { id: contact_id }, query: { limit: 100 } };
  const { data: past = [] } = usePages("/contacts/{id}/appointments/past", params, (page) => page.appointments);
  const { data: ahead = [] } = usePages("/contacts/{id}/appointments/upcoming", params, (page) => page.appointments);
  return [...ahead, ...past]
    .filter(({ credits_used, credits_held }) => credits_used + credits_held > 0)
    .map(({ id, starts_at, booked_at, calendar_id }) => {
      const calendar = calendar_id && nameOf(calendar_id);
      const at = formatInstant(starts_at ?? booked_at, "short", timezone);
      return { value: id, label: [at, calendar, id].filter(Boolean).join(" · ") };
    });
}
