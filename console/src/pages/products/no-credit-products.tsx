import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { productsTexts as texts } from "../../texts/products.ts";
import { uiTexts } from "../../texts/ui.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { IdInput } from "../../ui/id-input.tsx";
import { Section } from "../../ui/page.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import type { Catalog } from "./product-values.ts";
import { UnmarkButton } from "./unmark-button.tsx";
import type { GhlNames } from "./use-ghl-names.ts";

type Marked = Catalog["no_credit_products"][number];

/** Products of the providers whose purchases wait for nobody. */
export function NoCreditProducts({ catalog, ghl }: { catalog: Catalog; ghl: GhlNames }) {
  const [is_adding, setAdding] = useState(false);
  const may_change = useMayChange();
  const { no_credit_products: rows } = catalog;
  return (
    <Section
      title={texts.no_credits}
      actions={
        may_change && (
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
            {texts.no_credits_add}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {rows.length === 0 ? texts.no_credits_none : texts.no_credits_about}
      </Text>
      {rows.length > 0 && (
        <DataTable
          label={texts.no_credits}
          columns={columnsOf(ghl)}
          rows={rows}
          keyOf={({ provider, product_id }) => `${provider}:${product_id}`}
          {...(may_change && { actions: (row: Marked) => <UnmarkButton {...row} /> })}
        />
      )}
      {is_adding && <MarkDialog ghl={ghl} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function columnsOf(ghl: GhlNames): Column<Marked>[] {
  const nameOf = (id: string) => ghl.products.find(({ value }) => value === id)?.label;
  return [
    {
      key: "product",
      title: texts.no_credits_product,
      is_name: true,
      cell: ({ product_id }) => (
        <span>
          {nameOf(product_id)} <code>{product_id}</code>
        </span>
      ),
    },
    {
      key: "provider",
      title: texts.no_credits_provider,
      cell: ({ provider }) => texts.providers[provider as keyof typeof texts.providers],
    },
  ];
}

function MarkDialog({ ghl, onClose }: { ghl: GhlNames; onClose: () => void }) {
  const mark = useChange("/no-credit-products/{provider}/{product_id}", "put");
  const state = useServerForm<{ provider: "ghl" | "stripe"; product_id: string }, unknown>({
    initial: { provider: "ghl", product_id: "" },
    check: ({ product_id }) => ({ product_id: product_id.trim() === "" && texts.no_credits_product_needed }),
    submit: ({ provider, product_id }) => mark.mutateAsync({ path: { provider, product_id: product_id.trim() } }),
    onDone: (_, { product_id }) => {
      toastDone(texts.no_credits_added(product_id));
      onClose();
    },
  });
  const { form } = state;
  const { provider, product_id } = form.getValues();
  return (
    <Dialog title={texts.no_credits_add} onClose={onClose}>
      <FormBody of={state}>
        <Text size="sm" c="dimmed">
          {texts.no_credits_about}
        </Text>
        <Stack gap={4}>
          <Text size="sm" fw={500} component="label" id="provider-label">
            {texts.no_credits_provider}
          </Text>
          <SegmentedControl
            aria-labelledby="provider-label"
            data={[
              { value: "ghl", label: texts.providers.ghl },
              { value: "stripe", label: texts.providers.stripe },
            ]}
            {...form.getInputProps("provider")}
          />
        </Stack>
        <IdInput
          label={texts.no_credits_product}
          required
          data-autofocus
          options={provider === "ghl" ? ghl.products : []}
          value={product_id}
          error={form.errors["product_id"]}
          onChange={(value) => form.setFieldValue("product_id", value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={state.is_busy}>
            {texts.no_credits_add}
          </Button>
        </Group>
      </FormBody>
    </Dialog>
  );
}
