import { useState } from "react";
import { asApiError, type ApiError } from "../api/api-error.ts";
import { changeTexts } from "../texts/ui.ts";
import type { Preview } from "./effect.tsx";
import { useRequestId } from "./request-id.ts";
import { placeErrors, useServerForm, type Check, type ServerForm, type Values } from "./server-form.tsx";

/** What is added to what the fields say. */
export interface Asked {
  dry_run: boolean;
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

  const ask = ({ reason, ...values }: V & { reason: string }, dry_run: boolean) => {
    const said = reason.trim() === "" ? {} : { reason: reason.trim() };
    const request_id = request.of({ ...values, ...said });
    return change.ask(values as unknown as V, { dry_run, request_id, ...said });
  };
  const state = useServerForm<V & { reason: string }, Answer>({
    initial: { ...change.initial, reason: "" },
    check: (values) => ({
      ...change.check?.(values),
      ...(change.reason === "required" && values.reason.trim() === "" && { reason: changeTexts.reason_needed }),
    }),
    submit: (values) => {
      setRefused(null);
      return ask(values, true);
    },
    onDone: (answer, values) => setPreviewed({ answer, of: JSON.stringify(values) }),
  });
  const { form } = state;

  const confirm = async () => {
    setDoing(true);
    setRefused(null);
    try {
      change.onDone(await ask(form.getValues(), false));
    } catch (caught) {
      const error = asApiError(caught);
      request.refused(error);
      setRefused(placeErrors(form, error));
    } finally {
      setDoing(false);
    }
  };
  const is_current = previewed?.of === JSON.stringify(form.getValues());
  return { state, answer: previewed?.answer ?? null, is_current, refused, is_doing, confirm };
}
