import { Button, Group, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState, type ReactNode } from "react";
import type { paths } from "../../api/location-api.generated.ts";
import { useChange } from "../../api/location-api.ts";
import { bulkTexts } from "../../texts/bulk.ts";
import { changeTexts, uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";
import { FormBody, useServerForm, type Check, type Values } from "../../ui/server-form.tsx";
import { BulkProgress } from "./bulk-progress.tsx";
import { BulkRunDialog } from "./bulk-run-dialog.tsx";
import { useBulkJob } from "./use-bulk-job.ts";

type Work = paths["/bulk-work/preview"]["post"]["requestBody"]["content"]["application/json"]["work"];
type WithReason<V> = V & { reason: string };

interface BulkDialogProps<V extends Values> {
  title: string;
  about: ReactNode;
  initial: V;
  check?: Check<V>;
  /** What is asked for, and of whom. */
  work: (values: WithReason<V>) => Work;
  confirm: (count: number) => string;
  children?: (form: UseFormReturnType<WithReason<V>>) => ReactNode;
  onClose: () => void;
}

/** One change of many members: its fields, what it would come to for each, and only then its button. Mount it to open it. */
export function BulkDialog<V extends Values>(props: BulkDialogProps<V>) {
  const { title, about, initial, check, work, confirm, children, onClose } = props;
  const preview = useChange("/bulk-work/preview");
  const [previewed, setPreviewed] = useState<{ id: string; of: string } | null>(null);
  const [is_confirmed, setConfirmed] = useState(false);
  const state = useServerForm<WithReason<V>, { id: string }>({
    initial: { ...initial, reason: "" },
    check: (values) => ({
      ...check?.(values),
      ...(values.reason.trim() === "" && { reason: changeTexts.reason_needed }),
    }),
    submit: (values) => preview.mutateAsync({ body: { work: work(values) } }),
    onDone: ({ id }, values) => setPreviewed({ id, of: JSON.stringify(values) }),
  });
  const job = useBulkJob(previewed?.id ?? null);
  const is_current = previewed?.of === JSON.stringify(state.form.getValues());
  if (is_confirmed && previewed) return <BulkRunDialog title={title} preview_id={previewed.id} onClose={onClose} />;
  return (
    <Dialog title={title} onClose={onClose} size="xl">
      <FormBody of={state}>
        <Text size="sm" c="dimmed" component="div" children={about} />
        {children?.(state.form)}
        <ReasonField {...state.form.getInputProps("reason")} />
        {job && <BulkProgress job={job} is_current={is_current} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          {job?.can_run && is_current ? (
            <Button key="confirm" onClick={() => setConfirmed(true)}>
              {confirm(job.done)}
            </Button>
          ) : (
            <Button
              key="preview"
              type="submit"
              loading={state.is_busy || (is_current && (job === null || job.status === "running"))}
            >
              {previewed === null ? bulkTexts.preview : bulkTexts.preview_again}
            </Button>
          )}
        </Group>
      </FormBody>
    </Dialog>
  );
}
