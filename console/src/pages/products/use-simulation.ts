import { useDebouncedValue } from "@mantine/hooks";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiError } from "../../api/api-error.ts";
import type { DoneOf } from "../../api/call-types.ts";
import type { paths as LocationPaths } from "../../api/location-api.generated.ts";
import { useAsk } from "../../api/location-api.ts";
import { productTexts } from "../../texts/products.ts";
import type { Draft } from "./product-values.ts";

const TYPING_MS = 300;

type Simulated = DoneOf<LocationPaths, "/product-configs/preview">;
export type SimulatedLine = Simulated["lines"][number];

interface Simulation {
  query: UseQueryResult<Simulated, ApiError>;
  /** There is nothing to reckon with yet. */
  is_waiting: boolean;
}

/** What one member would live through who buys the draft today; asked again a moment after it changed. */
export function useSimulation(draft: Draft, asked: { months: number; visits_per_week: number }): Simulation {
  const wanted = { ...draft, name: draft.name || productTexts.new_title, sold_as: [], ...asked };
  const [settled] = useDebouncedValue(JSON.stringify(wanted), TYPING_MS);
  const body = JSON.parse(settled) as typeof wanted;
  const is_waiting = (body.type === "package" ? body.credits_total : body.monthly_credits) === undefined;
  const query = useAsk("/product-configs/preview", { body }, { enabled: !is_waiting, keep_previous: true });
  return { query, is_waiting };
}
