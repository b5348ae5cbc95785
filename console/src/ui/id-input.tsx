import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import { OptionLine, type IdOption } from "./ids-input.tsx";

interface IdInputProps extends Omit<AutocompleteProps, "data" | "value" | "onChange"> {
  value: string;
  onChange: (value: string) => void;
  /** What can be chosen; any other id can be typed. */
  options: readonly IdOption[];
}

/** One id: chosen by name where names are known, or typed. What stands in the field is always the id. */
export function IdInput({ value, onChange, options, description, ...input }: IdInputProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Autocomplete
      {...input}
      value={value}
      onChange={onChange}
      data={options.map((option) => option.value)}
      description={chosen && chosen.label !== value ? chosen.label : description}
      inputWrapperOrder={["label", "input", "description", "error"]}
      filter={({ options: data, search }) => {
        const text = search.trim().toLowerCase();
        const is_chosen = options.some((option) => option.value === search);
        return data.filter((item) => {
          if (!("value" in item)) return false;
          const option = options.find((one) => one.value === item.value);
          return is_chosen || `${option?.label} ${option?.hint ?? ""} ${item.value}`.toLowerCase().includes(text);
        });
      }}
      renderOption={({ option }) => (
        <OptionLine
          option={options.find((one) => one.value === option.value) ?? { value: option.value, label: option.value }}
        />
      )}
      comboboxProps={{ width: 340, position: "bottom-start" }}
    />
  );
}
