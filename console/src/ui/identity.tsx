import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { uiTexts } from "../texts/ui.ts";
import { shortId } from "./format.ts";
import classes from "./identity.module.css";

/** Puts a text into the clipboard and says so. */
export function CopyIcon({ value, what }: { value: string; what: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? uiTexts.copied : uiTexts.copy}>
          <ActionIcon size="sm" onClick={copy} aria-label={`${copied ? uiTexts.copied : uiTexts.copy} ${what}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** An id as it stands in the API, to copy; `short` leaves out its middle. */
export function Identity({ id, short = false }: { id: string; short?: boolean }) {
  return (
    <span className={classes.identity}>
      <code title={id}>{short ? shortId(id) : id}</code>
      <CopyIcon value={id} what={id} />
    </span>
  );
}
