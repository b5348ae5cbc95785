import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useRead } from "../../api/location-api.ts";
import { bulkTexts } from "../../texts/bulk.ts";
import { formatNumber } from "../../ui/format.ts";
import { Note } from "../../ui/note.tsx";
import { BulkJobDialog } from "./bulk-run-dialog.tsx";
import type { BulkJob } from "./use-bulk-job.ts";
import classes from "./bulk-job.module.css";

const LOOK_AGAIN_MS = 5000;

/** Work of these kinds that is under way in the location, whoever began it; nothing where there is none. */
export function RunningWork({ kinds }: { kinds: readonly BulkJob["kind"][] }) {
  const { data } = useRead("/bulk-work", {}, { refetch_ms: LOOK_AGAIN_MS });
  const [shown, setShown] = useState<BulkJob | null>(null);
  const running = (data?.bulk_work ?? []).filter(
    ({ kind, is_preview, status }) => kinds.includes(kind) && !is_preview && status === "running",
  );
  return (
    <>
      {running.map((job) => (
        <Note key={job.id}>
          <div className={classes.running} role="status">
            <Text span size="sm">
              {bulkTexts.running(
                bulkTexts.kinds[job.kind],
                formatNumber(job.done + job.refused),
                formatNumber(job.total),
              )}
            </Text>
            <Text span size="sm" c="dimmed" children={bulkTexts.by(job.requested_by)} />
            <Button variant="default" size="compact-xs" onClick={() => setShown(job)} children={bulkTexts.show} />
          </div>
        </Note>
      ))}
      {shown && <BulkJobDialog title={bulkTexts.kinds[shown.kind]} id={shown.id} onClose={() => setShown(null)} />}
    </>
  );
}
