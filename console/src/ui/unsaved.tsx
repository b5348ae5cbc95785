import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { formTexts } from "../texts/ui.ts";
import { Dialog } from "./dialog.tsx";

/** Asks before a page is left on which something was typed and not saved. */
export function UnsavedGuard({ is_dirty }: { is_dirty: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => is_dirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!is_dirty) return undefined;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [is_dirty]);
  if (blocker.state !== "blocked") return null;
  return (
    <Dialog title={formTexts.unsaved} onClose={() => blocker.reset()}>
      <Stack gap="md">
        <Text size="sm">{formTexts.unsaved_about}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.proceed()}>
            {formTexts.leave}
          </Button>
          <Button data-autofocus onClick={() => blocker.reset()}>
            {formTexts.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
