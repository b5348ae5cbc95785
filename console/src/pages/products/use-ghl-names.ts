import type { ApiError } from "../../api/api-error.ts";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { namesOf, useCalendars } from "../../api/use-calendars.ts";
import { formatMoney } from "../../ui/format.ts";
import type { IdOption } from "../../ui/ids-input.tsx";
import type { Catalog } from "./product-values.ts";

export interface GhlNames {
  is_connected: boolean;
  /** Why GoHighLevel could not be asked. */
  failure: ApiError | null;
  retry: () => void;
  /** Calendars that GoHighLevel has, and ids that product configs name already. */
  calendars: readonly IdOption[];
  products: readonly IdOption[];
  /** Prices of one product; of none: of all. */
  pricesOf: (product_id: string) => readonly IdOption[];
  calendarName: (id: string) => string;
}

/** What the location has in GoHighLevel, by name; without a connection, what its product configs name already. */
export function useGhlNames(catalog: Catalog | undefined): GhlNames {
  const { connected } = useLocationHere();
  const calendars = useCalendars();
  const products = useRead("/ghl/products", {}, { enabled: connected });
  const found = calendars.data?.calendars ?? [];
  const named = found.map(({ calendar_id: value, name }) => ({ value, label: name ?? value }));
  const others = knownCalendars(catalog).filter((id) => !found.some(({ calendar_id }) => calendar_id === id));
  const all = products.data?.products ?? [];
  return {
    is_connected: connected,
    failure: calendars.error ?? products.error,
    retry: () => void Promise.all([calendars.refetch(), products.refetch()]),
    calendars: [...named, ...others.map((value) => ({ value, label: value }))],
    products: all.map(({ product_id: value, name }) => ({ value, label: name ?? value })),
    pricesOf: (product_id) =>
      all
        .filter((product) => product_id === "" || product.product_id === product_id)
        .flatMap(({ name: of, prices }) =>
          prices.map(({ price_id: value, name, amount_cents, currency }) => ({
            value,
            label: [product_id === "" ? of : null, name].filter(Boolean).join(", ") || value,
            ...(amount_cents !== null && currency !== null && { hint: formatMoney(amount_cents, currency) }),
          })),
        ),
    calendarName: namesOf(found),
  };
}

function knownCalendars(catalog: Catalog | undefined): string[] {
  const of_configs = catalog?.product_configs.flatMap(({ calendars }) => calendars) ?? [];
  const of_families = catalog?.families.flatMap(({ calendars }) => calendars) ?? [];
  return [...new Set([...of_configs, ...of_families])].toSorted();
}
