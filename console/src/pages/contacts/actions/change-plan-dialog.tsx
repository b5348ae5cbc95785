import { Select } from "@mantine/core";
import { useChange } from "../../../api/location-api.ts";
import { useProducts } from "../../../api/use-products.ts";
import { planTexts } from "../../../texts/contact-actions.ts";
import { ChangeDialog } from "../../../ui/change-dialog.tsx";
import type { Values } from "../../../ui/server-form.tsx";
import type { MembershipActionProps } from "./contact-action.ts";

interface Fields extends Values {
  product_config_id: string | null;
  when: "as_rule" | "now" | "next_period";
}

const INITIAL: Fields = { product_config_id: null, when: "as_rule" };

const WHEN = (["as_rule", "now", "next_period"] as const).map((value) => ({ value, label: planTexts[value] }));

/** Moves a membership to another plan. */
export function ChangePlanDialog({ contact_id, membership, names, onClose }: MembershipActionProps) {
  const change = useChange("/memberships/{membership_id}/change-plan");
  const plans = useProducts({ type: "membership" })
    .filter(({ id }) => id !== membership.product_config_id)
    .map(({ id, name }) => ({ value: id, label: name }));
  return (
    <ChangeDialog
      title={planTexts.title(membership.name)}
      confirm={planTexts.confirm}
      reason="optional"
      initial={INITIAL}
      check={({ product_config_id }) => ({ product_config_id: product_config_id === null && planTexts.needed })}
      ask={({ product_config_id, when }, asked) =>
        change.mutateAsync({
          path: { membership_id: membership.id },
          body: {
            ...asked,
            external_contact_id: contact_id,
            product_config_id: product_config_id ?? "",
            ...(when !== "as_rule" && { when }),
          },
        })
      }
      describe={({ when }) => (when === "now" ? planTexts.result_now : planTexts.result_next)}
      names={names}
      done={() => planTexts.done}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Select
            label={planTexts.plan}
            data={plans}
            searchable
            required
            data-autofocus
            {...form.getInputProps("product_config_id")}
          />
          <Select label={planTexts.when} data={WHEN} allowDeselect={false} {...form.getInputProps("when")} />
        </>
      )}
    </ChangeDialog>
  );
}
