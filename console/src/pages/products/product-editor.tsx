import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useChange } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { productTexts as texts } from "../../texts/products.ts";
import { SaveFailure } from "../../ui/edit-conflict.tsx";
import { Page } from "../../ui/page.tsx";
import { useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { UnsavedGuard } from "../../ui/unsaved.tsx";
import { BasicFields, MonthFields, PackageFields, RenewalFields } from "./basic-fields.tsx";
import { CancellationFields, LimitFields, WhereFields } from "./booking-fields.tsx";
import { ProductActions } from "./product-actions.tsx";
import { ProductFacts } from "./product-facts.tsx";
import {
  checkProduct,
  draftOf,
  termsOf,
  valuesOf,
  type Catalog,
  type ProductRow,
  type ProductValues,
} from "./product-values.ts";
import { RuleAside } from "./rule-aside.tsx";
import { SimulatedMember } from "./simulated-member.tsx";
import { SoldFields } from "./sold-fields.tsx";
import { useGhlNames } from "./use-ghl-names.ts";
import classes from "./products.module.css";

interface ProductEditorProps {
  catalog: Catalog;
  /** Null: it is not there yet. */
  config: ProductRow | null;
  within: { title: string; to: string };
  /** What is there now was read: begin anew with it. */
  onReload: () => void;
}

/** A product config's fields, beside what they come to: the rule in words and one member's next months. */
export function ProductEditor({ catalog, config, within, onReload }: ProductEditorProps) {
  const ghl = useGhlNames(catalog);
  const { state, setVersion, loadLatest } = useProductForm(config, onReload);
  const { form, failure } = state;
  const values = form.getValues();
  const { type } = values;
  const names = {
    calendar: ghl.calendarName,
    family: (key: string) => catalog.families.find((family) => family.key === key)?.name ?? key,
  };
  const conflicts =
    failure?.reason_code === "MAPPING_CONFLICT"
      ? (failure.body["conflicts"] as ProductRow["conflicts"])
      : (config?.conflicts ?? []);
  return (
    <Page
      title={config?.name ?? texts.new_title}
      within={within}
      actions={config && <ProductActions config={config} onDone={setVersion} />}
    >
      {config && <ProductFacts config={config} />}
      <div className={classes.editor}>
        <form noValidate onSubmit={state.onSubmit}>
          <BasicFields form={form} is_new={config === null} />
          {type === "package" ? <PackageFields form={form} /> : <MonthFields form={form} />}
          <WhereFields form={form} catalog={catalog} ghl={ghl} />
          <SoldFields form={form} ghl={ghl} conflicts={conflicts} />
          <LimitFields form={form} />
          {type === "membership" && <RenewalFields form={form} />}
          <CancellationFields form={form} />
          {failure?.reason_code !== "MAPPING_CONFLICT" && (
            <SaveFailure
              error={failure}
              mine={{ name: values.name, ...termsOf(values) }}
              onReload={() => void loadLatest()}
            />
          )}
          <div className={classes.save_bar}>
            {config && (
              <Text size="xs" c="dimmed" component="p">
                {texts.when_it_counts}
              </Text>
            )}
            <Button type="submit" loading={state.is_busy} disabled={config !== null && !form.isDirty()}>
              {config ? texts.save : texts.create}
            </Button>
          </div>
        </form>
        <RuleAside ruled={{ type, terms: termsOf(values) }} names={names}>
          <SimulatedMember draft={draftOf(values)} />
        </RuleAside>
      </div>
      <UnsavedGuard is_dirty={form.isDirty() && !state.is_busy} />
    </Page>
  );
}

/** The form of a product config that is there, or of a new one. */
function useProductForm(config: ProductRow | null, onReload: () => void) {
  const { location_id } = useLocationHere();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const create = useChange("/product-configs");
  const update = useChange("/product-configs/{id}", "put");
  // The version that the edit began with, whatever is read meanwhile.
  const [version, setVersion] = useState(config?.version ?? 0);
  const [initial] = useState(() => valuesOf(config));
  const state = useServerForm<ProductValues, { id: string; version: number }>({
    initial,
    check: checkProduct,
    submit: (values) =>
      config
        ? update.mutateAsync({ path: { id: config.id }, body: { ...draftOf(values), expected_version: version } })
        : create.mutateAsync({ body: draftOf(values) }),
    onDone: (answer, { name }) => {
      toastDone(config ? texts.saved(name) : texts.created(name));
      if (config) setVersion(answer.version);
      else void navigate(paths.product(location_id, answer.id), { replace: true });
    },
  });
  const loadLatest = async () => {
    await queries.refetchQueries({ queryKey: [`/locations/${location_id}`, "/product-configs"] });
    onReload();
  };
  return { state, setVersion, loadLatest };
}
