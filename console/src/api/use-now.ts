import { useLocationHere } from "./place.ts";

/** The location's own present, in milliseconds: a sandbox's clock may be ahead. */
export function useNow(): number {
  return Date.now() + useLocationHere().clock_offset_ms;
}
