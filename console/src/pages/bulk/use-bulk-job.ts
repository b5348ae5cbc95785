import { useEffect, useState } from "react";
import { useRead, type Answer } from "../../api/location-api.ts";
import { useRefreshLocation } from "../../api/refresh.ts";

/** Work on many members: a preview of it, or itself. */
export type BulkJob = Answer<"/bulk-work/{id}">["bulk_job"];

const LOOK_AGAIN_MS = 700;

/** How far work is, looked at again until it is over; then what the pages show is read again. */
export function useBulkJob(id: string | null): BulkJob | null {
  const [over, setOver] = useState<string | null>(null);
  const refresh = useRefreshLocation();
  const { data } = useRead(
    "/bulk-work/{id}",
    { path: { id: id ?? "" } },
    { enabled: id !== null, ...(over !== id && { refetch_ms: LOOK_AGAIN_MS }) },
  );
  const job = id === null ? null : (data?.bulk_job ?? null);
  const is_over = job !== null && job.status !== "running";
  const has_changed = is_over && !job.is_preview;
  useEffect(() => {
    if (!is_over || over === id) return;
    setOver(id);
    if (has_changed) refresh();
  }, [is_over, has_changed, over, id, refresh]);
  return job;
}
