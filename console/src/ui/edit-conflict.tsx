import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { ApiError } from "../api/api-error.ts";
import { conflictTexts as texts } from "../texts/conflict.ts";
import { formTexts } from "../texts/ui.ts";
import { Failure } from "./server-form.tsx";
import { When } from "./when.tsx";
import classes from "./edit-conflict.module.css";

interface Edit {
  by: string;
  at: string;
  fields: readonly string[];
}

interface EditConflictProps {
  /** The EDIT_CONFLICT, with what is there now and who changed it. */
  error: ApiError;
  /** What stands in the fields, by the server's names. */
  mine: Readonly<Record<string, unknown>>;
  /** Throws away what was typed and shows what is there. */
  onReload: () => void;
}

/** Why what was typed could not be saved; of somebody else's change all there is to say. */
export function SaveFailure({ error, ...of_conflict }: Omit<EditConflictProps, "error"> & { error: ApiError | null }) {
  if (error?.reason_code !== "EDIT_CONFLICT") return <Failure error={error} />;
  return <EditConflict error={error} {...of_conflict} />;
}

/** Somebody else saved meanwhile: who, when, what is there now and what is typed here. Nothing is overwritten. */
function EditConflict({ error, mine, onReload }: EditConflictProps) {
  const place = useRef<HTMLDivElement>(null);
  // Whoever pressed the button may stand far from here.
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, [error]);
  const current = (error.body["current"] ?? {}) as Record<string, unknown>;
  const edits = (error.body["edits"] ?? []) as readonly Edit[];
  const changed = edits.length > 0 ? edits.flatMap((edit) => edit.fields) : Object.keys(current);
  const fields = [...new Set(changed)];
  return (
    <Alert
      ref={place}
      role="alert"
      variant="light"
      color="red"
      icon={<IconAlertTriangle size={16} />}
      title={formTexts.conflict}
    >
      <Stack gap="xs" align="flex-start">
        {edits.map(({ by, at, fields: by_them }) => (
          <Text size="sm" key={`${by} ${at}`}>
            {texts.changed(by, by_them.map(wordOf))} <When at={at} />
          </Text>
        ))}
        <span>{formTexts.conflict_about}</span>
        {fields.length > 0 && (
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{texts.field}</th>
                <th scope="col">{texts.theirs}</th>
                <th scope="col">{texts.mine}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field}>
                  <th scope="row">{wordOf(field)}</th>
                  <td>{shown(current[field])}</td>
                  <td>{shown(mine[field])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <Button variant="default" onClick={onReload}>
          {formTexts.load_latest}
        </Button>
      </Stack>
    </Alert>
  );
}

function wordOf(field: string): string {
  const known: Record<string, string | undefined> = texts.fields;
  return known[field] ?? field.replaceAll("_", " ");
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return texts.nothing;
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([key, inner]) => `${key.replaceAll("_", " ")} ${shown(inner)}`)
      .join(", ");
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
