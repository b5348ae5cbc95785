import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useChange, useRead } from "../../api/location-api.ts";
import { locationTexts } from "../../texts/locations.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";

const { ghl: texts } = locationTexts;
const AUTO = "auto";

/** Chooses the field of GoHighLevel's contacts that shows the balance. */
export function BalanceFieldDialog({ field_id, onClose }: { field_id: string | null; onClose: () => void }) {
  const query = useRead("/ghl/custom-fields", {});
  const choose = useChange("/ghl/balance-field", "put");
  const state = useServerForm({
    initial: { field_id: field_id ?? AUTO },
    submit: (values) => choose.mutateAsync({ body: { field_id: values.field_id === AUTO ? null : values.field_id } }),
    onDone: () => {
      toastDone(texts.field_saved);
      onClose();
    },
  });
  return (
    <Dialog title={texts.field} onClose={onClose}>
      <Loaded query={query}>
        {({ custom_fields }) => (
          <FormBody of={state}>
            <Stack gap={4}>
              <Select
                label={texts.field}
                searchable
                allowDeselect={false}
                data={[
                  { value: AUTO, label: texts.field_auto },
                  ...custom_fields.map(({ field_id: value, name }) => ({ value, label: name ?? value })),
                ]}
                {...state.form.getInputProps("field_id")}
              />
              <Text size="xs" c="dimmed">
                {texts.field_about}
              </Text>
            </Stack>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {uiTexts.cancel}
              </Button>
              <Button type="submit" loading={state.is_busy}>
                {texts.save_field}
              </Button>
            </Group>
          </FormBody>
        )}
      </Loaded>
    </Dialog>
  );
}
