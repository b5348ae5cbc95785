import { NumberInput, type NumberInputProps } from "@mantine/core";

/** A whole number that may be left out. */
export function WholeNumber(props: NumberInputProps) {
  return (
    <NumberInput
      allowDecimal={false}
      allowNegative={false}
      hideControls
      thousandSeparator=","
      inputWrapperOrder={["label", "input", "description", "error"]}
      {...props}
    />
  );
}
