import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useProducts } from "../../api/use-products.ts";
import { membershipsTexts } from "../../texts/memberships.ts";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import type { Membership } from "./membership-columns.tsx";

const { freeze: texts } = membershipsTexts;

/** Side by side, the inputs stand on one line. */
const BELOW = ["label", "input", "error", "description"] as const;

/** Lets memberships stand still over the same days: those that were chosen, or (null) all that are active. */
export function FreezeDialog(props: { memberships: readonly Membership[] | null; onClose: () => void }) {
  const { memberships, onClose } = props;
  const plans = useProducts({ type: "membership", selling: false });
  return (
    <BulkDialog
      title={texts.title(memberships?.length ?? null)}
      about={texts.about}
      initial={{ from_on: "", to_on: "", plan: null as string | null }}
      check={({ from_on, to_on }) => ({ to_on: to_on !== "" && to_on <= from_on && texts.to_before })}
      work={({ from_on, to_on, plan, reason }) => ({
        kind: "freeze",
        reason: reason.trim(),
        ...(from_on !== "" && { from_on }),
        ...(to_on !== "" && { to_on }),
        ...(plan !== null && { product_config_id: plan }),
        ...(memberships && { membership_ids: memberships.map(({ id }) => id) }),
      })}
      confirm={texts.confirm}
      onClose={onClose}
    >
      {(form) => (
        <>
          {memberships === null && (
            <Select
              label={texts.plan}
              placeholder={texts.every_plan}
              clearable
              data={plans.map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps("plan")}
            />
          )}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              type="date"
              label={texts.from}
              inputWrapperOrder={[...BELOW]}
              description={texts.from_about}
              {...form.getInputProps("from_on")}
            />
            <TextInput
              type="date"
              label={texts.to}
              inputWrapperOrder={[...BELOW]}
              description={texts.to_about}
              {...form.getInputProps("to_on")}
            />
          </SimpleGrid>
        </>
      )}
    </BulkDialog>
  );
}
