/** Rule 38. What the first active location costs a month, and each further one, in cents of a dollar. */
export const FIRST_LOCATION_CENTS = 5900;
export const FURTHER_LOCATION_CENTS = 1900;

/** One line of the bill: so many locations at so much each. */
export interface PriceLine {
  locations: number;
  unit_cents: number;
  total_cents: number;
}

/** Rule 38. How the price of a month comes about; sandboxes are not among the locations, and nothing costs nothing. */
export function priceLines(active_locations: number): PriceLine[] {
  const line = (locations: number, unit_cents: number) => ({
    locations,
    unit_cents,
    total_cents: locations * unit_cents,
  });
  const first = line(Math.min(active_locations, 1), FIRST_LOCATION_CENTS);
  const further = line(Math.max(active_locations - 1, 0), FURTHER_LOCATION_CENTS);
  return [first, further].filter(({ locations }) => locations > 0);
}

/** Rule 38. What a location adds to the month, by its place among those that are billed, counted from one. */
export function priceOfLocation(place: number): number {
  return monthlyPrice(place) - monthlyPrice(place - 1);
}

/** Rule 38. 59 + 19 × (active locations − 1) dollars, in cents. */
export function monthlyPrice(active_locations: number): number {
  return priceLines(active_locations).reduce((sum, { total_cents }) => sum + total_cents, 0);
}
