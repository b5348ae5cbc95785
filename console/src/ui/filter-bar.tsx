import { Button, Chip, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { uiTexts } from "../texts/ui.ts";
import classes from "./filter-bar.module.css";

const TYPING_MS = 250;

/** Filters that stand in the address, so that a list can be linked to and come back to. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as Record<Name, string>;
  const set = (changed: Partial<Record<Name, string>>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries<string | undefined>(changed)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const clear = () => set(Object.fromEntries(names.map((name) => [name, ""])) as Record<Name, string>);
  return { values, set, clear, is_set: names.some((name) => values[name] !== "") };
}

/** The line above a list: search first, then filters; `onClear` stands there while any is set. */
export function FilterBar({ children, onClear }: { children: ReactNode; onClear?: (() => void) | false }) {
  return (
    <div className={classes.bar} role="search">
      {children}
      {onClear && (
        <Button variant="subtle" color="gray" onClick={onClear}>
          {uiTexts.clear_filters}
        </Button>
      )}
    </div>
  );
}

interface SearchFilterProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** Searches as one types, a moment after the last key. */
export function SearchFilter({ label, placeholder, value, onChange }: SearchFilterProps) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  const tell = useDebouncedCallback((next: string) => {
    setTold(next.trim());
    onChange(next.trim());
  }, TYPING_MS);
  // The address changed by itself: what stands here follows.
  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  return (
    <TextInput
      type="search"
      size="sm"
      className={classes.search}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={15} />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        tell(currentTarget.value);
      }}
    />
  );
}

interface Option {
  value: string;
  label: string;
}

/** One of a few, or none; each a chip to press. */
export function ChipFilter({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Group gap={6} role="group" aria-label={label}>
      {options.map((option) => (
        <Chip
          key={option.value}
          size="xs"
          variant="outline"
          checked={option.value === value}
          onChange={(is_on) => onChange(is_on ? option.value : "")}
        >
          {option.label}
        </Chip>
      ))}
    </Group>
  );
}

/** One of many, or any. */
export function SelectFilter({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Select
      size="sm"
      className={classes.select ?? ""}
      aria-label={label}
      placeholder={label}
      data={[...options]}
      value={value || null}
      clearable
      onChange={(next) => onChange(next ?? "")}
    />
  );
}
