import { NumberInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { furtherTexts as texts } from "../../texts/billing.ts";
import { AddedCost } from "./added-cost.tsx";
import classes from "./further-locations.module.css";

const MOST = 1000;
const SETTLES_MS = 300;

/** Before a location is added: what it will cost, in a month and on the next bill. */
export function FurtherLocations() {
  const [typed, setTyped] = useState<number | string>(1);
  const [settled] = useDebouncedValue(typed, SETTLES_MS);
  const further = Number(settled);
  const is_valid = settled !== "" && Number.isInteger(further) && further >= 1 && further <= MOST;
  return (
    <div className={classes.row} role="group" aria-label={texts.title}>
      <NumberInput
        label={texts.label}
        value={typed}
        onChange={setTyped}
        min={1}
        max={MOST}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="none"
        w={140}
        error={!is_valid && texts.error}
      />
      <div className={classes.answer} role="status">
        <AddedCost further={is_valid ? further : null} />
      </div>
    </div>
  );
}
