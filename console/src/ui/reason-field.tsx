import { Textarea, type TextareaProps } from "@mantine/core";
import { changeTexts } from "../texts/ui.ts";

/** Why somebody decides so, in their own words. */
export function ReasonField(props: TextareaProps) {
  return (
    <Textarea
      label={changeTexts.reason}
      description={changeTexts.reason_about}
      required
      autosize
      minRows={1}
      maxLength={255}
      {...props}
    />
  );
}
