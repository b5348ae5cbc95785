import { createContext, useContext } from "react";
import { formatInstant, formatMoney, justBefore, type TimeStyle } from "../ui/format.ts";
import type { Pass } from "./pass.ts";

/** Where the visitor is, and how times and money are told there. */
export interface Place {
  location: Pass["location"];
  user: Pass["user"];
  /** The location's clock, in milliseconds. */
  now(): number;
  tell(at: string, style: TimeStyle): string;
  /** The last day before an end that does not count. */
  tellLastDay(before: string): string;
  tellMoney(cents: number, currency: string | null): string;
}

export const PlaceContext = createContext<Place | null>(null);

export function placeOf({ location, user, clock_offset_ms }: Pass): Place {
  const { timezone } = location;
  return {
    location,
    user,
    now: () => Date.now() + clock_offset_ms,
    tell: (at, style) => formatInstant(at, style, timezone),
    tellLastDay: (before) => formatInstant(justBefore(before), "day", timezone),
    tellMoney: (cents, currency) => formatMoney(cents, currency ?? location.currency),
  };
}

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("there is no place outside the gate");
  return place;
}
