import { Select } from "@mantine/core";
import { useChange, type Shape } from "../../../api/location-api.ts";
import { useProducts } from "../../../api/use-products.ts";
import { settleTexts } from "../../../texts/contact-actions.ts";
import { coverageTexts } from "../../../texts/contact.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";

interface SettleDialogProps {
  contact_id: string;
  booking: Pick<Shape<"Appointment">, "id" | "unfunded">;
  names?: ReadonlyMap<string, string>;
  onClose: () => void;
}

/** Charges a booking that could not be charged when it was made. */
export function SettleDialog({ contact_id, booking: { id, unfunded }, names, onClose }: SettleDialogProps) {
  const settle = useChange("/bookings/{booking_id}/settle");
  const products = useProducts({ selling: false }).map((product) => ({ value: product.id, label: product.name }));
  return (
    <ChangeDialog
      title={settleTexts.title}
      about={settleTexts.about(unfunded ? coverageTexts.reasons[unfunded.reason] : "")}
      confirm={settleTexts.confirm}
      reason="optional"
      initial={{ product_config_id: null as string | null }}
      ask={({ product_config_id }, asked) =>
        settle.mutateAsync({
          path: { booking_id: id },
          body: {
            ...asked,
            external_contact_id: contact_id,
            ...(product_config_id !== null && { product_config_id }),
          },
        })
      }
      {...(names && { names })}
      done={() => settleTexts.done}
      onClose={onClose}
    >
      {(form) => (
        <Select
          label={settleTexts.product}
          placeholder={settleTexts.any}
          data={products}
          clearable
          data-autofocus
          {...form.getInputProps("product_config_id")}
        />
      )}
    </ChangeDialog>
  );
}
