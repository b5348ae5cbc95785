import { Radio, Select, Switch, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { productTexts as texts } from "../../texts/products.ts";
import { Fields, Fieldset } from "./fieldset.tsx";
import type { ProductValues } from "./product-values.ts";
import { WholeNumber } from "./whole-number.tsx";
import classes from "./products.module.css";

export type ProductForm = UseFormReturnType<ProductValues>;

const optionsOf = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));

/** Its name and kind; the kind of one that is sold stays. */
export function BasicFields({ form, is_new }: { form: ProductForm; is_new: boolean }) {
  return (
    <Fieldset title={texts.sections.basics}>
      <TextInput
        label={texts.name}
        description={texts.name_about}
        inputWrapperOrder={["label", "input", "description", "error"]}
        required
        maw={440}
        maxLength={255}
        {...form.getInputProps("name")}
      />
      {is_new && (
        <Radio.Group aria-label={texts.type} {...form.getInputProps("type")}>
          <div className={classes.kinds}>
            {(["package", "membership"] as const).map((type) => (
              <Radio.Card key={type} value={type} className={classes.kind ?? ""} aria-label={texts.types[type].title}>
                <Text size="sm" fw={600}>
                  {texts.types[type].title}
                </Text>
                <Text size="xs" className={classes.about}>
                  {texts.types[type].about}
                </Text>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
      )}
    </Fieldset>
  );
}

/** What one purchase of a package brings. */
export function PackageFields({ form }: { form: ProductForm }) {
  const { activation } = form.getValues();
  return (
    <Fieldset title={texts.sections.grant}>
      <Fields>
        <WholeNumber label={texts.credits_total} required {...form.getInputProps("credits_total")} />
        <WholeNumber
          label={texts.expiry_days}
          description={texts.expiry_package}
          {...form.getInputProps("expiry_days")}
        />
        <Select
          label={texts.activation}
          data={optionsOf(texts.activations)}
          allowDeselect={false}
          {...form.getInputProps("activation")}
        />
        {activation === "on_first_use" && (
          <WholeNumber
            label={texts.activate_within_days}
            description={texts.activate_within_about}
            placeholder="180"
            {...form.getInputProps("activate_within_days")}
          />
        )}
      </Fields>
    </Fieldset>
  );
}

/** What one month of a membership brings, and what becomes of the rest. */
export function MonthFields({ form }: { form: ProductForm }) {
  const { is_unlimited, rollover } = form.getValues();
  return (
    <Fieldset title={texts.sections.month}>
      <Switch label={texts.is_unlimited} {...form.getInputProps("is_unlimited", { type: "checkbox" })} />
      <Fields>
        {!is_unlimited && (
          <WholeNumber label={texts.monthly_credits} required {...form.getInputProps("monthly_credits")} />
        )}
        <Select
          label={texts.anchor}
          data={optionsOf(texts.anchors)}
          allowDeselect={false}
          {...form.getInputProps("anchor")}
        />
        {!is_unlimited && <RolloverFields form={form} mode={rollover.mode} />}
        {!is_unlimited && rollover.mode === "none" && (
          <WholeNumber
            label={texts.expiry_days}
            description={texts.expiry_membership}
            {...form.getInputProps("expiry_days")}
          />
        )}
      </Fields>
    </Fieldset>
  );
}

function RolloverFields({ form, mode }: { form: ProductForm; mode: ProductValues["rollover"]["mode"] }) {
  return (
    <>
      <Select
        label={texts.rollover}
        data={optionsOf(texts.rollovers)}
        allowDeselect={false}
        {...form.getInputProps("rollover.mode")}
        error={form.errors["rollover"]}
      />
      {mode === "some" && (
        <>
          <WholeNumber label={texts.rollover_cap} {...form.getInputProps("rollover.cap")} />
          <WholeNumber
            label={texts.rollover_max}
            description={texts.rollover_max_about}
            {...form.getInputProps("rollover.max_balance")}
          />
        </>
      )}
    </>
  );
}

/** When the next month opens, what happens without a payment, and how long it may be frozen. */
export function RenewalFields({ form }: { form: ProductForm }) {
  return (
    <>
      <Fieldset title={texts.sections.renewal}>
        <Fields>
          <Select
            label={texts.renewal}
            data={optionsOf(texts.renewals)}
            allowDeselect={false}
            {...form.getInputProps("renewal")}
          />
          <WholeNumber label={texts.term_months} placeholder="1" {...form.getInputProps("term_months")} />
          <WholeNumber
            label={texts.grace_days}
            description={texts.grace_about}
            placeholder="7"
            {...form.getInputProps("grace_days")}
          />
        </Fields>
      </Fieldset>
      <Fieldset title={texts.sections.freeze}>
        <Fields>
          <WholeNumber label={texts.max_days} placeholder="90" {...form.getInputProps("freeze.max_days")} />
          <WholeNumber
            label={texts.max_per_year}
            description={texts.max_per_year_about}
            placeholder={texts.no_limit}
            {...form.getInputProps("freeze.max_per_year")}
          />
        </Fields>
      </Fieldset>
    </>
  );
}
