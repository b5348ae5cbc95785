import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { asApiError, type ApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { bulkTexts } from "../../texts/bulk.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Failure } from "../../ui/server-form.tsx";
import { LoadingLines } from "../../ui/states.tsx";
import { BulkProgress } from "./bulk-progress.tsx";
import { useBulkJob } from "./use-bulk-job.ts";

/** Does what a preview told: asked twice, as after a lost answer, it is done once. Shows how far it is. */
export function BulkRunDialog(props: { title: string; preview_id: string; onClose: () => void }) {
  const { title, preview_id, onClose } = props;
  const { mutateAsync: run } = useChange("/bulk-work/{id}/run");
  const [run_id, setRunId] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setFailure(null);
    run({ path: { id: preview_id } }).then(
      ({ id }) => setRunId(id),
      (error: unknown) => setFailure(asApiError(error)),
    );
  }, [preview_id, run, attempt]);
  if (run_id !== null) return <BulkJobDialog title={title} id={run_id} onClose={onClose} />;
  return (
    <Dialog title={title} onClose={onClose} size="xl">
      {failure ? (
        <Stack>
          <Failure error={failure} />
          <Group justify="flex-end">
            {failure.reason_code === "NOT_READY" ? (
              <Button onClick={onClose} children={bulkTexts.close} />
            ) : (
              <Button onClick={() => setAttempt(attempt + 1)} children={bulkTexts.preview_again} />
            )}
          </Group>
        </Stack>
      ) : (
        <LoadingLines lines={4} />
      )}
    </Dialog>
  );
}

/** Work that was begun: its progress, a way to stop it, and what became of each; freezes can be undone. */
export function BulkJobDialog({ title, id, onClose }: { title: string; id: string; onClose: () => void }) {
  const may_change = useMayChange();
  const cancel = useChange("/bulk-work/{id}/cancel");
  const undo = useChange("/bulk-work/{id}/undo");
  const job = useBulkJob(id);
  const [undoing, setUndoing] = useState<string | null>(null);
  const preview = useBulkJob(undoing);
  const [is_confirmed, setConfirmed] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const attempt = (call: Promise<unknown>) => {
    setFailure(null);
    call.catch((error: unknown) => setFailure(asApiError(error)));
  };
  const startUndo = async () => {
    const planned = await undo.mutateAsync({ path: { id } });
    setUndoing(planned.id);
  };
  if (is_confirmed && undoing !== null) return <BulkRunDialog title={title} preview_id={undoing} onClose={onClose} />;
  const shown = undoing === null ? job : preview;
  return (
    <Dialog title={title} onClose={onClose} size="xl">
      <Stack gap="md">
        <Failure error={failure} />
        {undoing !== null && <Text size="sm" c="dimmed" children={bulkTexts.undoing} />}
        {shown ? <BulkProgress job={shown} /> : <LoadingLines lines={4} />}
        <Group justify="flex-end" gap="xs">
          {may_change && shown?.status === "running" && !shown.is_preview && (
            <Button
              variant="default"
              loading={cancel.isPending}
              onClick={() => attempt(cancel.mutateAsync({ path: { id: shown.id } }))}
            >
              {bulkTexts.stop}
            </Button>
          )}
          {may_change && undoing === null && job?.can_undo && (
            <Button variant="default" loading={undo.isPending} onClick={() => attempt(startUndo())}>
              {bulkTexts.undo}
            </Button>
          )}
          {preview?.can_run ? (
            <Button onClick={() => setConfirmed(true)}>{bulkTexts.undo_confirm(formatNumber(preview.done))}</Button>
          ) : (
            <Button onClick={onClose}>{bulkTexts.close}</Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
