import { Anchor, Radio, Select, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { useChange } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { useProducts } from "../../api/use-products.ts";
import { paths } from "../../paths.ts";
import { resolveTexts } from "../../texts/payments.ts";
import { ChangeDialog } from "../../ui/change-dialog.tsx";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import { useEntitlementNames } from "../contacts/use-entitlement-names.ts";
import { itemName, openItems, type Payment, type PaymentItem } from "./payment.ts";

const { map: texts } = resolveTexts;

interface MapDialogProps {
  payment: Payment;
  onClose: () => void;
}

/** Says what was bought: of this payment, or of every one that waits for the same product. */
export function MapDialog({ payment, onClose }: MapDialogProps) {
  const [scope, setScope] = useState("this");
  const open = openItems(payment);
  const [item] = open;
  const product = open.length === 1 ? providerProduct(payment, item) : null;
  const choice = product && item && (
    <Radio.Group label={texts.scope} value={scope} onChange={setScope}>
      <Stack gap={6} mt={6}>
        <Radio value="this" label={texts.this_one} data-autofocus={scope === "this" || undefined} />
        <Radio value="all" label={texts.all(itemName(item))} data-autofocus={scope === "all" || undefined} />
      </Stack>
    </Radio.Group>
  );
  return scope === "all" && product ? (
    <MapAllDialog product={product} choice={choice} onClose={onClose} />
  ) : (
    <MapOneDialog payment={payment} choice={choice} onClose={onClose} />
  );
}

interface ProviderProduct {
  provider: "ghl" | "stripe";
  product_id: string;
}

/** What its provider calls it, where a product config can be sold under that name. */
function providerProduct({ provider }: Payment, item: PaymentItem | undefined): ProviderProduct | null {
  if (!item || item.product_id === null) return null;
  return provider === "ghl" || provider === "stripe" ? { provider, product_id: item.product_id } : null;
}

function MapOneDialog({ payment, choice, onClose }: MapDialogProps & { choice: ReactNode }) {
  const resolve = useChange("/payments/{payment_id}/resolve");
  const names = useEntitlementNames(payment.external_contact_id);
  const products = useChoices();
  const open = openItems(payment);
  const unmapped: Record<string, string | null> = Object.fromEntries(open.map(({ item }) => [String(item), null]));
  const isMissing = (chosen: Record<string, string | null>, { item }: PaymentItem) => !chosen[String(item)];
  return (
    <ChangeDialog
      title={texts.title}
      about={texts.about}
      confirm={texts.confirm}
      initial={{ items: unmapped }}
      check={({ items }) => {
        const [missing] = open.filter((item) => isMissing(items, item));
        return missing ? { [`items.${missing.item}`]: texts.which_needed } : {};
      }}
      reason="required"
      names={names}
      ask={({ items }, asked) =>
        resolve.mutateAsync({
          path: { payment_id: payment.id },
          body: {
            external_contact_id: payment.external_contact_id,
            action: "map",
            items: open.map(({ item }) => ({ item, product_config_id: items[String(item)] ?? "" })),
            ...asked,
          },
        })
      }
      done={() => texts.done}
      onClose={onClose}
    >
      {(form) => (
        <>
          {choice}
          {open.map((item) => (
            <Select
              key={item.item}
              label={itemName(item)}
              description={texts.which}
              required
              searchable
              data={products}
              {...form.getInputProps(`items.${item.item}`)}
            />
          ))}
        </>
      )}
    </ChangeDialog>
  );
}

interface MapAllDialogProps {
  product: ProviderProduct;
  choice: ReactNode;
  onClose: () => void;
}

function MapAllDialog({ product, choice, onClose }: MapAllDialogProps) {
  const { location_id } = useLocationHere();
  const products = useChoices();
  return (
    <BulkDialog
      title={texts.title}
      about={
        <>
          {texts.all_about}{" "}
          <Anchor component={Link} to={paths.products(location_id)} inherit>
            {texts.products}
          </Anchor>
        </>
      }
      initial={{ product_config_id: null as string | null }}
      check={({ product_config_id }) => ({ product_config_id: product_config_id === null && texts.which_needed })}
      work={({ product_config_id, reason }) => ({
        kind: "backfill",
        ...product,
        product_config_id: product_config_id ?? "",
        reason,
      })}
      confirm={texts.all_confirm}
      onClose={onClose}
    >
      {(form) => (
        <>
          {choice}
          <Select
            label={texts.which}
            required
            searchable
            data={products}
            {...form.getInputProps("product_config_id")}
          />
        </>
      )}
    </BulkDialog>
  );
}

function useChoices() {
  return useProducts().map(({ id, name }) => ({ value: id, label: name }));
}
