import { Button, Group, NumberInput, Select, Switch, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChange, useRead, type Answer } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { locationTexts } from "../../texts/locations.ts";
import { SaveFailure } from "../../ui/edit-conflict.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { useServerForm, type ServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { UnsavedGuard } from "../../ui/unsaved.tsx";
import { SettingsFacts } from "./settings-facts.tsx";
import { TIME_ZONES } from "./zones.ts";
import classes from "./locations.module.css";

const { settings: texts } = locationTexts;

type Read = Answer<"/settings">;
export type Settings = Read["settings"];
type SettingsValues = {
  [Field in keyof Settings]: Settings[Field] extends number ? number | string : Settings[Field];
};

/** The rules that hold for all members of the location. */
export function SettingsForm() {
  const query = useRead("/settings", {});
  const may_change = useMayChange();
  const [edition, setEdition] = useState(0);
  return (
    <Section title={texts.title}>
      <Text size="sm" c="dimmed">
        {texts.about}
      </Text>
      <Loaded query={query}>
        {(read) =>
          may_change ? (
            <Fields key={edition} read={read} onReload={() => setEdition((before) => before + 1)} />
          ) : (
            <SettingsFacts settings={read.settings} is_sandbox={read.sandbox} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Fields({ read, onReload }: { read: Read; onReload: () => void }) {
  const { location_id } = useLocationHere();
  const queries = useQueryClient();
  const save = useChange("/settings", "put");
  // The version that the edit began with, whatever is read meanwhile.
  const [version, setVersion] = useState(read.version);
  const state = useServerForm<SettingsValues, { version: number }>({
    initial: read.settings,
    check: checkSettings,
    submit: (values) => save.mutateAsync({ body: { ...settingsOf(values), expected_version: version } }),
    onDone: ({ version: saved }) => {
      setVersion(saved);
      toastDone(texts.saved);
    },
  });
  const { form, failure } = state;
  const loadLatest = async () => {
    await queries.refetchQueries({ queryKey: [`/locations/${location_id}`, "/settings"] });
    onReload();
  };
  return (
    <form noValidate onSubmit={state.onSubmit}>
      <SettingsFields state={state} is_sandbox={read.sandbox} />
      <SaveFailure error={failure} mine={form.getValues()} onReload={() => void loadLatest()} />
      <Group mt="md">
        <Button type="submit" loading={state.is_busy} disabled={!form.isDirty()}>
          {texts.save}
        </Button>
      </Group>
      <UnsavedGuard is_dirty={form.isDirty() && !state.is_busy} />
    </form>
  );
}

function SettingsFields({ state: { form }, is_sandbox }: { state: ServerForm<SettingsValues>; is_sandbox: boolean }) {
  const number = { allowDecimal: false, allowNegative: false, hideControls: true } as const;
  const below = { inputWrapperOrder: ["label", "input", "description", "error"] as ("label" | "input")[] };
  return (
    <div className={classes.form}>
      <TextInput label={texts.name} required maxLength={255} {...form.getInputProps("name")} />
      <Select
        label={texts.timezone}
        description={texts.timezone_about}
        {...below}
        required
        searchable
        limit={60}
        allowDeselect={false}
        data={[...new Set([form.getValues().timezone, ...TIME_ZONES])]}
        {...form.getInputProps("timezone")}
      />
      <TextInput label={texts.currency} required maxLength={3} {...form.getInputProps("currency")} />
      <NumberInput
        label={texts.window}
        description={texts.window_about}
        {...below}
        {...number}
        {...form.getInputProps("cancellation_window_hours")}
      />
      <NumberInput
        label={texts.penalty}
        description={texts.penalty_about}
        {...below}
        {...number}
        {...form.getInputProps("no_show_penalty")}
      />
      <NumberInput
        label={texts.make_good}
        description={texts.make_good_about}
        {...below}
        {...number}
        {...form.getInputProps("make_good_days")}
      />
      <Switch
        className={classes.wide ?? ""}
        label={texts.auto_settle}
        description={texts.auto_settle_about}
        {...form.getInputProps("auto_settle", { type: "checkbox" })}
      />
      {!is_sandbox && (
        <Switch
          className={classes.wide ?? ""}
          label={texts.shows_balances}
          description={texts.shows_balances_about}
          {...form.getInputProps("shows_balances", { type: "checkbox" })}
        />
      )}
    </div>
  );
}

function checkSettings(values: SettingsValues) {
  const needed = (value: number | string) => value === "" && texts.number_needed;
  return {
    name: values.name.trim() === "" && texts.name_needed,
    currency: !/^[A-Za-z]{3}$/.test(values.currency.trim()) && texts.currency_wrong,
    cancellation_window_hours: needed(values.cancellation_window_hours),
    no_show_penalty: needed(values.no_show_penalty),
    make_good_days: needed(values.make_good_days),
  };
}

function settingsOf(values: SettingsValues): Settings {
  return {
    ...values,
    name: values.name.trim(),
    currency: values.currency.trim().toUpperCase(),
    cancellation_window_hours: Number(values.cancellation_window_hours),
    no_show_penalty: Number(values.no_show_penalty),
    make_good_days: Number(values.make_good_days),
  };
}
