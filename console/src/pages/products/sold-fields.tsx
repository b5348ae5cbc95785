import { ActionIcon, Alert, Anchor, Button, Select, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconX } from "@tabler/icons-react";
import { Link } from "react-router";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { productsTexts, productTexts as texts } from "../../texts/products.ts";
import { IdInput } from "../../ui/id-input.tsx";
import type { ProductForm } from "./basic-fields.tsx";
import { GhlHint } from "./booking-fields.tsx";
import { Fieldset } from "./fieldset.tsx";
import { newKey, type ProductRow, type SoldRow } from "./product-values.ts";
import type { GhlNames } from "./use-ghl-names.ts";
import classes from "./products.module.css";

type Conflict = ProductRow["conflicts"][number];

const PROVIDERS = Object.entries(productsTexts.providers).map(([value, label]) => ({ value, label }));

interface SoldFieldsProps {
  form: ProductForm;
  ghl: GhlNames;
  /** Names that another product config has too. */
  conflicts: readonly Conflict[];
}

/** What a purchase of it is called in GoHighLevel and Stripe. */
export function SoldFields({ form, ghl, conflicts }: SoldFieldsProps) {
  const { sold_as: rows } = form.getValues();
  const add = () =>
    form.insertListItem("sold_as", {
      key: newKey(),
      provider: ghl.is_connected || rows.length === 0 ? "ghl" : "stripe",
      product_id: "",
      price_id: "",
    } satisfies SoldRow);
  return (
    <Fieldset title={texts.sections.sold}>
      <Text size="sm" c="dimmed">
        {texts.sold_about}
      </Text>
      <Conflicts conflicts={conflicts} />
      {rows.length === 0 && <Text size="sm">{texts.sold_none}</Text>}
      {rows.map(({ key }, i) => (
        <SoldRowFields key={key} form={form} ghl={ghl} at={i} />
      ))}
      <Button variant="default" w="fit-content" leftSection={<IconPlus size={14} />} onClick={add}>
        {texts.add_sold}
      </Button>
      <GhlHint ghl={ghl} />
    </Fieldset>
  );
}

function SoldRowFields({ form, ghl, at }: Omit<SoldFieldsProps, "conflicts"> & { at: number }) {
  const field = `sold_as.${at}` as const;
  const { provider = "ghl", product_id = "", price_id = "" } = form.getValues().sold_as[at] ?? {};
  const is_ghl = provider === "ghl";
  return (
    <div className={classes.sold_row}>
      <div>
        <Select
          aria-label={texts.provider}
          data={PROVIDERS}
          allowDeselect={false}
          {...form.getInputProps(`${field}.provider`)}
        />
      </div>
      <IdInput
        aria-label={texts.product_id}
        placeholder={texts.product_id}
        options={is_ghl ? ghl.products : []}
        value={product_id}
        error={form.errors[`${field}.product_id`] ?? form.errors[field]}
        onChange={(value) => form.setFieldValue(`${field}.product_id`, value)}
      />
      <IdInput
        aria-label={texts.price_id}
        placeholder={texts.any_price}
        options={is_ghl ? ghl.pricesOf(product_id) : []}
        value={price_id}
        error={form.errors[`${field}.price_id`]}
        onChange={(value) => form.setFieldValue(`${field}.price_id`, value)}
      />
      <ActionIcon
        className={classes.remove ?? ""}
        aria-label={texts.remove(product_id || price_id || texts.product_id)}
        onClick={() => form.removeListItem("sold_as", at)}
      >
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

function Conflicts({ conflicts }: { conflicts: readonly Conflict[] }) {
  const { location_id } = useLocationHere();
  if (conflicts.length === 0) return null;
  return (
    <Alert
      variant="light"
      color="yellow"
      role="alert"
      icon={<IconAlertTriangle size={16} />}
      title={texts.collision_title}
    >
      {conflicts.map(({ product_config_id, name, product_id, price_id }) => (
        <Text size="sm" key={`${product_config_id} ${product_id} ${price_id}`}>
          {texts.collides([product_id, price_id].filter(Boolean).join(" / "), name)}{" "}
          <Anchor component={Link} to={paths.product(location_id, product_config_id)} inherit>
            {name}
          </Anchor>
        </Text>
      ))}
      <Text size="sm">{texts.collision_about}</Text>
    </Alert>
  );
}
