import { ActionIcon, Button, Input, MultiSelect, Select, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { productTexts as texts } from "../../texts/products.ts";
import { IdInput } from "../../ui/id-input.tsx";
import { IdsInput } from "../../ui/ids-input.tsx";
import type { ProductForm } from "./basic-fields.tsx";
import { Fields, Fieldset } from "./fieldset.tsx";
import { newKey, type Catalog } from "./product-values.ts";
import type { GhlNames } from "./use-ghl-names.ts";
import { WholeNumber } from "./whole-number.tsx";
import classes from "./products.module.css";

interface WithNames {
  form: ProductForm;
  catalog: Catalog;
  ghl: GhlNames;
}

/** The bookings that take its credits, and how many of them one takes. */
export function WhereFields({ form, catalog, ghl }: WithNames) {
  const { calendars, families } = form.getValues();
  return (
    <Fieldset title={texts.sections.where}>
      {(catalog.families.length > 0 || families.length > 0) && (
        <MultiSelect
          label={texts.families}
          description={texts.families_about}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={catalog.families.map(({ key, name }) => ({ value: key, label: name }))}
          searchable
          {...form.getInputProps("families")}
        />
      )}
      <IdsInput
        label={texts.calendars}
        description={ghl.is_connected ? texts.calendars_about : `${texts.calendars_about} ${texts.calendars_by_hand}`}
        placeholder={texts.calendars_pick}
        options={ghl.calendars}
        value={calendars}
        error={form.errors["calendars"]}
        onChange={(value) => form.setFieldValue("calendars", value)}
      />
      <Costs form={form} ghl={ghl} />
    </Fieldset>
  );
}

function Costs({ form, ghl }: Pick<WithNames, "form" | "ghl">) {
  const { cost_by_calendar: rows } = form.getValues();
  const of_server = Object.entries(form.errors)
    .filter(([field]) => /^cost_by_calendar\.\D/.test(field))
    .map(([, error]) => error);
  return (
    <Input.Wrapper label={texts.costs} labelElement="div" error={of_server.length > 0 && of_server}>
      <div className={classes.stack} style={{ gap: 8, marginTop: rows.length > 0 ? 6 : 2 }}>
        {rows.map(({ key }, i) => (
          <CostRow key={key} form={form} ghl={ghl} at={i} />
        ))}
        <Button
          variant="subtle"
          w="fit-content"
          px={6}
          leftSection={<IconPlus size={14} />}
          onClick={() => form.insertListItem("cost_by_calendar", { key: newKey(), calendar: "", cost: 2 })}
        >
          {texts.add_cost}
        </Button>
      </div>
    </Input.Wrapper>
  );
}

function CostRow({ form, ghl, at }: Pick<WithNames, "form" | "ghl"> & { at: number }) {
  const field = `cost_by_calendar.${at}` as const;
  const { calendar = "" } = form.getValues().cost_by_calendar[at] ?? {};
  return (
    <div className={classes.row}>
      <IdInput
        aria-label={texts.cost_calendar}
        placeholder={texts.cost_calendar}
        options={ghl.calendars}
        value={calendar}
        error={form.errors[`${field}.calendar`]}
        onChange={(value) => form.setFieldValue(`${field}.calendar`, value)}
      />
      <WholeNumber
        aria-label={texts.cost}
        suffix={` ${texts.cost.toLowerCase()}`}
        {...form.getInputProps(`${field}.cost`)}
      />
      <ActionIcon
        className={classes.remove ?? ""}
        aria-label={texts.remove(calendar || texts.cost_calendar)}
        onClick={() => form.removeListItem("cost_by_calendar", at)}
      >
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

/** Fair use, and whether one person may have it twice. */
export function LimitFields({ form }: { form: ProductForm }) {
  const { type } = form.getValues();
  return (
    <Fieldset title={texts.sections.limits}>
      <Fields>
        <WholeNumber label={texts.per_day} placeholder={texts.no_limit} {...form.getInputProps("limits.per_day")} />
        <WholeNumber label={texts.per_week} placeholder={texts.no_limit} {...form.getInputProps("limits.per_week")} />
        <WholeNumber
          label={texts.per_period[type]}
          placeholder={texts.no_limit}
          {...form.getInputProps("limits.per_period")}
        />
        <Select
          label={texts.once}
          data={Object.entries(texts.onces).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          {...form.getInputProps("once_per_contact")}
        />
      </Fields>
    </Fieldset>
  );
}

/** What the location decides where nothing is said here. */
export function CancellationFields({ form }: { form: ProductForm }) {
  return (
    <Fieldset title={texts.sections.bookings}>
      <Fields>
        <WholeNumber
          label={texts.window}
          description={texts.window_about}
          placeholder={texts.of_location}
          {...form.getInputProps("cancellation_window_hours")}
        />
        <WholeNumber
          label={texts.penalty}
          description={texts.penalty_about}
          placeholder={texts.of_location}
          {...form.getInputProps("no_show_penalty")}
        />
        <WholeNumber
          label={texts.make_good}
          description={texts.make_good_about}
          placeholder={texts.of_location}
          {...form.getInputProps("make_good_days")}
        />
        <WholeNumber
          label={texts.priority}
          description={texts.priority_about}
          placeholder="100"
          {...form.getInputProps("priority")}
        />
      </Fields>
    </Fieldset>
  );
}

/** Why names are missing that GoHighLevel would know. */
export function GhlHint({ ghl }: { ghl: GhlNames }) {
  if (!ghl.is_connected) return <Text size="xs" c="dimmed" children={texts.not_connected} />;
  if (!ghl.failure) return null;
  return (
    <Text size="xs" c="var(--k-warn)" role="status">
      {texts.ghl_silent}{" "}
      <Button variant="subtle" size="compact-xs" onClick={ghl.retry}>
        ↻
      </Button>
    </Text>
  );
}
