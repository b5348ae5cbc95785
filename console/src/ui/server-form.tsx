import { Stack } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useState, type SyntheticEvent, type ReactNode } from "react";
import { asApiError, UNREACHABLE, type ApiError } from "../api/api-error.ts";
import { errorTexts } from "../texts/errors.ts";
import { changeTexts } from "../texts/ui.ts";
import { Notice } from "./notice.tsx";

export type Values = Record<string, unknown>;

/** Why each field cannot be sent as it is; nothing: it can. */
export type Check<V extends Values> = (values: V) => { [K in keyof V]?: string | null | false | undefined };

interface ServerFormOptions<V extends Values, Answer> {
  initial: V;
  /** What can be known without asking the server. */
  check?: Check<V>;
  submit: (values: V) => Promise<Answer>;
  onDone?: (answer: Answer, values: V) => void;
}

export interface ServerForm<V extends Values> {
  form: UseFormReturnType<V>;
  /** What of the server's no belongs to no single field. */
  failure: ApiError | null;
  is_busy: boolean;
  onSubmit: (event?: SyntheticEvent<HTMLFormElement>) => void;
}

/** A form whose errors stand beside their fields, whoever found them; what was typed stays, whatever happens. */
export function useServerForm<V extends Values, Answer>(options: ServerFormOptions<V, Answer>): ServerForm<V> {
  const { initial, check, submit, onDone } = options;
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [is_busy, setBusy] = useState(false);
  const form = useForm<V>({ initialValues: initial, ...(check && { validate: (values) => errorsOf(check(values)) }) });
  const send = async (values: V) => {
    setBusy(true);
    setFailure(null);
    try {
      const answer = await submit(values);
      form.resetDirty(values);
      onDone?.(answer, values);
    } catch (error) {
      setFailure(placeErrors(form, asApiError(error)));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = form.onSubmit(
    (values) => void send(values),
    (errors) => focusFirst(form, Object.keys(errors)),
  );
  return { form, failure, is_busy, onSubmit };
}

function errorsOf(found: object): Record<string, string> {
  return Object.fromEntries(Object.entries(found).filter(([, error]) => Boolean(error)));
}

/** Puts each field's error beside it; answers with what is left to say, null where the fields say it all. */
export function placeErrors<V extends Values>(form: UseFormReturnType<V>, error: ApiError): ApiError | null {
  const is_field = (name: string) => (name.split(".")[0] ?? "") in form.getValues();
  const own = error.errors.filter(({ field }) => is_field(field));
  if (own.length === 0) return error;
  form.setErrors(Object.fromEntries(own.map(({ field, message }) => [field, sentence(message)])));
  focusFirst(
    form,
    own.map(({ field }) => field),
  );
  return own.length === error.errors.length ? null : error;
}

/** The server's messages follow the field's name: "must be …". */
function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
}

function focusFirst<V extends Values>(form: UseFormReturnType<V>, names: readonly string[]): void {
  const [first] = names;
  if (first !== undefined) setTimeout(() => form.getInputNode(first)?.focus(), 0);
}

/** The form's element: what went wrong first, then the fields. */
export function FormBody<V extends Values>({ of, children }: { of: ServerForm<V>; children: ReactNode }) {
  return (
    <form noValidate onSubmit={of.onSubmit}>
      <Stack gap="md">
        <Failure error={of.failure} />
        {children}
      </Stack>
    </form>
  );
}

/** A no of the server in words, read out at once. */
export function Failure({ error }: { error: ApiError | null }) {
  if (!error) return null;
  const others = error.errors.map(({ field, message }) => `${field} ${message}`);
  return (
    <Notice tone="bad">
      <span>{error.message}</span>
      {error.reason_code === UNREACHABLE && <span>{changeTexts.try_same}</span>}
      {others.length > 0 && <span>{others.join("; ")}</span>}
      {error.reason_code === "INTERNAL_ERROR" && error.correlation_id !== null && (
        <code>{errorTexts.reference(error.correlation_id)}</code>
      )}
    </Notice>
  );
}
