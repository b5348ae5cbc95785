import { Combobox, Pill, PillsInput, Text, useCombobox } from "@mantine/core";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import classes from "./ids-input.module.css";

export interface IdOption {
  value: string;
  label: string;
  /** What else helps to tell it from others. */
  hint?: string;
}

interface IdsInputProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  placeholder?: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What can be chosen; any other id can be typed. */
  options: readonly IdOption[];
  required?: boolean;
}

const SHOWN_OPTIONS = 50;

/** Several ids: chosen by name where names are known, or typed; Enter or a comma takes what was typed, so does leaving. */
export function IdsInput({ value, onChange, options, placeholder, ...wrapper }: IdsInputProps) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState("");
  const add = (...ids: string[]) => {
    onChange([...new Set([...value, ...ids.map((id) => id.trim()).filter(Boolean)])]);
    setTyped("");
    combobox.resetSelectedOption();
  };
  const remove = (id: string) => onChange(value.filter((other) => other !== id));
  const found = matching(options, typed, value);
  const onKeyDown = (event: KeyboardEvent) => {
    const is_chosen = combobox.getSelectedOptionIndex() >= 0 && combobox.dropdownOpened;
    if ((event.key === "Enter" && !is_chosen) || event.key === ",") {
      if (typed.trim() === "" && event.key === "Enter") return;
      event.preventDefault();
      add(...typed.split(","));
    } else if (event.key === "Backspace" && typed === "" && value.length > 0) {
      onChange(value.slice(0, -1));
    }
  };
  return (
    <Combobox store={combobox} onOptionSubmit={(id) => add(id)}>
      <Combobox.DropdownTarget>
        <PillsInput {...wrapper} onClick={() => combobox.openDropdown()} size="sm">
          <Pill.Group>
            {value.map((id) => (
              <ChosenId key={id} id={id} label={labelOf(options, id)} onRemove={() => remove(id)} />
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={wrapper.label}
                placeholder={value.length === 0 ? placeholder : undefined}
                value={typed}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  combobox.closeDropdown();
                  if (typed.trim() !== "") add(...typed.split(","));
                }}
                onChange={({ currentTarget }) => {
                  setTyped(currentTarget.value);
                  combobox.openDropdown();
                  combobox.resetSelectedOption();
                }}
                onKeyDown={onKeyDown}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={found.length === 0}>
        <Combobox.Options aria-label={wrapper.label} mah={240} style={{ overflowY: "auto" }}>
          {found.map((option) => (
            <Combobox.Option key={option.value} value={option.value}>
              <OptionLine option={option} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** A name with its id behind it. */
export function OptionLine({ option: { label, value, hint } }: { option: IdOption }) {
  return (
    <div className={classes.option}>
      <Text size="sm" span>
        {label}
      </Text>
      {(hint ?? label) !== value && (
        <Text size="xs" c="dimmed" span className={classes.hint}>
          {hint ?? value}
        </Text>
      )}
    </div>
  );
}

function ChosenId({ id, label, onRemove }: { id: string; label: string; onRemove: () => void }) {
  return (
    <Pill withRemoveButton onRemove={onRemove} title={id} removeButtonProps={{ "aria-label": `✕ ${label}` }}>
      {label}
    </Pill>
  );
}

function labelOf(options: readonly IdOption[], id: string): string {
  return options.find(({ value }) => value === id)?.label ?? id;
}

function matching(options: readonly IdOption[], typed: string, chosen: readonly string[]): IdOption[] {
  const text = typed.trim().toLowerCase();
  return options
    .filter(({ value, label }) => !chosen.includes(value) && `${label} ${value}`.toLowerCase().includes(text))
    .slice(0, SHOWN_OPTIONS);
}
