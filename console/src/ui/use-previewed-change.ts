import { useState } from "react";
import { asApiError, type ApiError } from "../api/api-error.ts";
import { changeTexts } from "../texts/ui.ts";
import type { Preview } from "./effect.tsx";
import { useRequestId } from "./request-id.ts";
import { placeErrors, useServerForm, type Check, type ServerForm, type Values } from "./server-form.tsx";

/** What is added to what the fields say. */
export interface Asked {
  dry_run: boolean;
  /** What the preview came to: it is done as it was shown, or not at all. */
  previewed?: string;
  request_id: string;
  reason?: string;
}

export interface PreviewedChange<V extends Values, Answer extends { preview?: Preview }> {
  initial: V;
  check?: Check<V>;
  reason: "required" | "optional" | "none";
  /** Asks the server: first what would happen, then that it happens. */
  ask: (values: V, asked: Asked) => Promise<Answer>;
  onDone: (answer: Answer) => void;
}

interface Changing<V extends Values, Answer> {
  state: ServerForm<V & { reason: string }>;
  /** What the last preview said. */
  answer: Answer | null;
  /** Whether it still says what the fields ask for. */
  is_current: boolean;
  /** Why it was not done. */
  refused: ApiError | null;
  is_doing: boolean;
  confirm: () => Promise<void>;
}

/** A change that is previewed by the form's own button, and done only as it was previewed. */
export function usePreviewedChange<V extends Values, Answer extends { preview?: Preview }>(
  change: PreviewedChange<V, Answer>,
): Changing<V, Answer> {
  const request = useRequestId();
  const [previewed, setPreviewed] = useState<{ answer: Answer; of: string } | null>(null);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const [is_doing, setDoing] = useState(false);

  const ask = ({ reason, ...values }: V & { reason: string }, how: Pick<Asked, "dry_run" | "previewed">) => {
    const said = reason.trim() === "" ? {} : { reason: reason.trim() };
    const request_id = request.of({ ...values, ...said });
    return change.ask(values as unknown as V, { ...how, request_id, ...said });
  };
  const preview = (values: V & { reason: string }) => ask(values, { dry_run: true });
  const show = (answer: Answer, values: V & { reason: string }) => setPreviewed({ answer, of: JSON.stringify(values) });
  const state = useServerForm<V & { reason: string }, Answer>({
    initial: { ...change.initial, reason: "" },
    check: (values) => ({
      ...change.check?.(values),
      ...(change.reason === "required" && values.reason.trim() === "" && { reason: changeTexts.reason_needed }),
    }),
    submit: (values) => {
      setRefused(null);
      return preview(values);
    },
    onDone: show,
  });
  const { form } = state;

  const refuse = (caught: unknown) => {
    const error = asApiError(caught);
    request.refused(error);
    setRefused(placeErrors(form, error));
    return error.reason_code;
  };
  const confirm = async () => {
    const values = form.getValues();
    setDoing(true);
    setRefused(null);
    try {
      const seen = previewed?.answer.preview;
      change.onDone(await ask(values, { dry_run: false, ...(seen && { previewed: seen.fingerprint }) }));
    } catch (caught) {
      if (refuse(caught) === "PREVIEW_OUTDATED") await preview(values).then((answer) => show(answer, values), refuse);
    } finally {
      setDoing(false);
    }
  };
  const is_current = previewed?.of === JSON.stringify(form.getValues());
  return { state, answer: previewed?.answer ?? null, is_current, refused, is_doing, confirm };
}
