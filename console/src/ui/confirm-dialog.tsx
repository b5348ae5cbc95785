import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { asApiError, type ApiError } from "../api/api-error.ts";
import { uiTexts } from "../texts/ui.ts";
import { Dialog } from "./dialog.tsx";
import { Failure } from "./server-form.tsx";
import { toastDone } from "./toast.ts";

interface ConfirmDialogProps {
  title: string;
  /** What it comes to. */
  about: ReactNode;
  confirm: string;
  is_dangerous?: boolean;
  /** A word to type first, for what cannot be undone. */
  word?: { label: string; value: string };
  run: () => Promise<unknown>;
  done: string;
  onDone?: () => void;
  onClose: () => void;
}

/** Asks once more before something that moves no credits: revoke, remove, rotate. Mount it to open it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, about, confirm, is_dangerous = false, word, run, done, onDone, onClose } = props;
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [is_busy, setBusy] = useState(false);
  const [typed, setTyped] = useState("");
  const start = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await run();
      toastDone(done);
      onDone?.();
      onClose();
    } catch (error) {
      setFailure(asApiError(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack gap="md">
        <Failure error={failure} />
        <Text size="sm" component="div" children={about} />
        {word && (
          <TextInput label={word.label} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {uiTexts.cancel}
          </Button>
          <Button
            color={is_dangerous ? "red.8" : "ink"}
            loading={is_busy}
            disabled={word !== undefined && typed.trim() !== word.value}
            onClick={() => void start()}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
