import { Button, Group, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import { changeTexts, uiTexts } from "../texts/ui.ts";
import { Dialog } from "./dialog.tsx";
import { Effect, type Preview } from "./effect.tsx";
import { ReasonField } from "./reason-field.tsx";
import { Failure, FormBody, type Values } from "./server-form.tsx";
import { toastDone } from "./toast.ts";
import { usePreviewedChange, type PreviewedChange } from "./use-previewed-change.ts";

interface ChangeDialogProps<V extends Values, Answer extends { preview?: Preview }> extends Omit<
  PreviewedChange<V, Answer>,
  "onDone"
> {
  title: string;
  about?: ReactNode;
  /** What the button says that does it: "Freeze membership". */
  confirm: string;
  is_dangerous?: boolean;
  /** What the other button says; else "Cancel". */
  dismiss?: string;
  /** The fields. */
  children?: (form: UseFormReturnType<V & { reason: string }>) => ReactNode;
  /** What beside entries and balances the preview should say: dates, bookings. */
  describe?: (answer: Answer) => ReactNode;
  /** What the entitlements are called, by id. */
  names?: ReadonlyMap<string, string>;
  /** What is said when it is done. */
  done: (answer: Answer) => string;
  onDone?: (answer: Answer) => void;
  onClose: () => void;
}

/** A change that one may regret: its fields, its exact effect, a reason, and only then its button. Mount it to open it. */
export function ChangeDialog<V extends Values, Answer extends { preview?: Preview }>(
  props: ChangeDialogProps<V, Answer>,
) {
  const { title, about, reason, children, describe, names, onClose } = props;
  const change = usePreviewedChange<V, Answer>({
    ...props,
    onDone: (answer) => {
      toastDone(props.done(answer));
      props.onDone?.(answer);
      onClose();
    },
  });
  const { state, answer, is_current } = change;
  return (
    <Dialog title={title} onClose={onClose} size="lg">
      <FormBody of={state}>
        {about !== undefined && <Text size="sm" c="dimmed" component="div" children={about} />}
        {children?.(state.form)}
        {reason !== "none" && (
          <ReasonField
            required={reason === "required"}
            data-autofocus={children === undefined || undefined}
            {...state.form.getInputProps("reason")}
          />
        )}
        <Effect answer={answer} is_current={is_current} names={names} describe={describe} />
        <Failure error={change.refused} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {props.dismiss ?? uiTexts.cancel}
          </Button>
          {is_current ? (
            <Button
              key="confirm"
              color={props.is_dangerous === true ? "red.8" : "ink"}
              loading={change.is_doing}
              onClick={() => void change.confirm()}
            >
              {props.confirm}
            </Button>
          ) : (
            <Button key="preview" type="submit" loading={state.is_busy}>
              {answer ? changeTexts.preview_again : changeTexts.preview}
            </Button>
          )}
        </Group>
      </FormBody>
    </Dialog>
  );
}
