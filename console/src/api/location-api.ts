import type { AnswerOf } from "./call-types.ts";
import { callsOf } from "./calls.ts";
import type { components, paths } from "./location-api.generated.ts";
import { useLocationHere } from "./place.ts";

/** What the contract names: `Shape<"Entitlement">`. */
export type Shape<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** What a read of the location answers: `Answer<"/contact-search">["contacts"][number]`. */
export type Answer<P extends keyof paths> = AnswerOf<paths, P>;

/** Reads, lists and changes of the location that the page is in: all below `/api/console/locations/{location_id}`. */
export const { useRead, useAsk, usePages, useChange } = callsOf<paths>(
  () => `/locations/${useLocationHere().location_id}`,
);
