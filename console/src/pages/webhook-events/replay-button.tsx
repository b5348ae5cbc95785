import { Button, type ButtonProps } from "@mantine/core";
import { asApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { toastDone, toastFailed } from "../../ui/toast.ts";
import type { WebhookEvent } from "./event-outcome.tsx";

interface ReplayButtonProps extends Pick<ButtonProps, "size" | "variant"> {
  event: Pick<WebhookEvent, "id">;
}

/** Takes one delivery again. It can be pressed without asking: nothing that it did is done twice. */
export function ReplayButton({ event, size = "compact-xs", variant = "default" }: ReplayButtonProps) {
  const replay = useChange("/webhook-events/{id}/replay");
  const start = async () => {
    try {
      await replay.mutateAsync({ path: { id: event.id } });
      toastDone(webhookTexts.replay.one_done);
    } catch (error) {
      toastFailed(asApiError(error).message);
    }
  };
  return (
    <Button size={size} variant={variant} loading={replay.isPending} onClick={() => void start()}>
      {webhookTexts.replay.one}
    </Button>
  );
}
