import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { asApiError, type ApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { useRefreshLocation } from "../../api/refresh.ts";
import { bulkTexts } from "../../texts/bulk.ts";
import { errorTexts } from "../../texts/errors.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Failure } from "../../ui/server-form.tsx";
import { Facts } from "../../ui/why.tsx";
import { useRangeCounts, type Range } from "./range-counts.tsx";
import classes from "./webhook-events.module.css";

const { replay: texts, statuses } = webhookTexts;
const LOOK_AGAIN_MS = 1000;
const SHOWN = ["received", "done", "ignored", "waiting", "failed", "dead"] as const;

/** Makes the events due a thousand at a time, and then shows what becomes of them. */
export function ReplayProgress({ range, total, onClose }: { range: Range; total: number; onClose: () => void }) {
  const { replayed, failure, again } = useReplay(range, total);
  const is_due = replayed >= total && failure === null;
  const outcome = useRangeCounts({ ...range, statuses: SHOWN }, LOOK_AGAIN_MS);
  const counts = outcome.data?.counts;
  const left = counts?.received ?? 0;
  const refresh = useRefreshLocation();
  const close = () => {
    refresh();
    onClose();
  };
  return (
    <Dialog title={texts.title} onClose={close}>
      <Stack gap="md">
        <Failure error={failure} />
        <div>
          <Text size="sm" role="status" mb={6}>
            {texts.due(formatNumber(replayed), formatNumber(total))}
          </Text>
          <Progress
            value={(100 * replayed) / total}
            aria-label={texts.due(formatNumber(replayed), formatNumber(total))}
          />
        </div>
        {is_due && counts && (
          <section className={classes.counts} aria-live="polite">
            <Text size="sm" fw={600}>
              {left === 0 ? texts.all_taken : texts.left(formatNumber(left))}
            </Text>
            <Text size="xs" c="dimmed" children={texts.range_now} />
            <Facts
              facts={SHOWN.filter((status) => (counts[status] ?? 0) > 0).map((status) => ({
                label: statuses[status],
                value: formatNumber(counts[status] ?? 0),
              }))}
            />
          </section>
        )}
        <Group justify="flex-end" gap="xs">
          {failure && <Button variant="default" onClick={again} children={errorTexts.retry} />}
          <Button onClick={close} children={bulkTexts.close} />
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Asks until as many are due again as were counted, or none is left. */
function useReplay({ from, to, statuses: chosen, provider, type }: Range, total: number) {
  const { mutateAsync: replay } = useChange("/webhook-events/replay");
  const [replayed, setReplayed] = useState(0);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [until] = useState(() => to ?? new Date().toISOString());
  const of = chosen.join(",");
  useEffect(() => {
    let is_left = false;
    const body = {
      from,
      to: until,
      statuses: of.split(",") as Range["statuses"][number][],
      ...(provider !== null && { provider }),
      ...(type !== null && { type }),
    };
    const run = async () => {
      let sum = 0;
      let taken: number;
      do {
        // Each in its turn: what one made due the next does not find again.
        ({ replayed: taken } = await replay({ body }));
        sum += taken;
        if (is_left) return;
        setReplayed(Math.min(sum, total));
      } while (taken > 0 && sum < total);
      setReplayed(total);
    };
    setFailure(null);
    run().catch((error: unknown) => !is_left && setFailure(asApiError(error)));
    return () => {
      is_left = true;
    };
  }, [replay, from, until, of, provider, type, total, attempt]);
  const again = useCallback(() => setAttempt((before) => before + 1), []);
  return { replayed, failure, again };
}
