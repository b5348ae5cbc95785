import { Button, Group, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { productsTexts } from "../../texts/products.ts";
import { uiTexts } from "../../texts/ui.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SaveFailure } from "../../ui/edit-conflict.tsx";
import { formatList } from "../../ui/format.ts";
import { IdsInput } from "../../ui/ids-input.tsx";
import { useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import type { FamilyRow } from "./product-values.ts";
import type { GhlNames } from "./use-ghl-names.ts";
import classes from "./products.module.css";

const texts = productsTexts.family;
const KEY = /^[a-z0-9][a-z0-9_-]{0,62}$/;

interface FamilyDialogProps {
  family: FamilyRow | null;
  /** Names of the product configs that name it. */
  used_by: readonly string[];
  ghl: GhlNames;
  onClose: () => void;
}

/** Makes, changes or removes a family of calendars. */
export function FamilyDialog({ family, used_by, ghl, onClose }: FamilyDialogProps) {
  const [is_removing, setRemoving] = useState(false);
  const remove = useChange("/service-families/{key}", "delete");
  if (is_removing && family) {
    return (
      <ConfirmDialog
        title={texts.remove}
        about={texts.remove_about(family.name)}
        confirm={texts.remove}
        is_dangerous
        run={() => remove.mutateAsync({ path: { key: family.key } })}
        done={texts.removed(family.name)}
        onDone={onClose}
        onClose={() => setRemoving(false)}
      />
    );
  }
  return (
    <Dialog title={family ? productsTexts.edit_family(family.name) : productsTexts.new_family} onClose={onClose}>
      <FamilyForm family={family} used_by={used_by} ghl={ghl} onClose={onClose} onRemove={() => setRemoving(true)} />
    </Dialog>
  );
}

function FamilyForm({ family, used_by, ghl, onClose, onRemove }: FamilyDialogProps & { onRemove: () => void }) {
  const save = useChange("/service-families/{key}", "put");
  const queries = useQueryClient();
  const state = useServerForm({
    initial: { name: family?.name ?? "", key: family?.key ?? "", calendars: family?.calendars ?? [] },
    check: ({ name, key, calendars }) => ({
      name: name.trim() === "" && texts.name_needed,
      key: !KEY.test(key) && texts.key_wrong,
      calendars: calendars.length === 0 && texts.calendars_needed,
    }),
    submit: ({ key, name, calendars }) =>
      save.mutateAsync({ path: { key }, body: { name, calendars, expected_version: family?.version ?? null } }),
    onDone: (_, { name }) => {
      toastDone(texts.saved(name));
      onClose();
    },
  });
  const { form } = state;
  const follows = family === null && !form.isTouched("key");
  const loadLatest = () => {
    void queries.invalidateQueries();
    onClose();
  };
  return (
    <form noValidate onSubmit={state.onSubmit} className={classes.stack}>
      <SaveFailure error={state.failure} mine={form.getValues()} onReload={loadLatest} />
      <TextInput
        label={texts.name}
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={({ currentTarget: { value } }) => {
          form.setFieldValue("name", value);
          if (follows) {
            form.setFieldValue("key", keyOf(value));
            form.setTouched({ key: false });
          }
        }}
      />
      <TextInput
        label={texts.key}
        description={texts.key_about}
        required
        disabled={family !== null}
        {...form.getInputProps("key")}
      />
      <IdsInput
        label={texts.calendars}
        required
        options={ghl.calendars}
        value={form.getValues().calendars}
        error={form.errors["calendars"]}
        onChange={(calendars) => form.setFieldValue("calendars", calendars)}
      />
      {used_by.length > 0 && (
        <Text size="xs" c="dimmed">
          {texts.used_by}: {formatList(used_by)}
        </Text>
      )}
      <FamilyButtons is_busy={state.is_busy} onClose={onClose} {...(family && used_by.length === 0 && { onRemove })} />
    </form>
  );
}

interface FamilyButtonsProps {
  is_busy: boolean;
  onClose: () => void;
  /** Only of one that nothing names. */
  onRemove?: () => void;
}

function FamilyButtons({ is_busy, onClose, onRemove }: FamilyButtonsProps) {
  return (
    <Group justify="space-between" gap="xs">
      {onRemove ? (
        <Button variant="subtle" c="var(--k-bad)" onClick={onRemove}>
          {texts.remove}
        </Button>
      ) : (
        <span />
      )}
      <Group gap="xs">
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button type="submit" loading={is_busy}>
          {uiTexts.save}
        </Button>
      </Group>
    </Group>
  );
}

/** A name as a key: lower-case, joined by hyphens. */
function keyOf(name: string): string {
  const words =
    name
      .toLowerCase()
      .normalize("NFD")
      .match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 63).replace(/-+$/, "");
}
