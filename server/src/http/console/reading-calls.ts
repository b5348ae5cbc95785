import type { ConsoleCall } from "./console-call.ts";
import { LOCATION_LISTS } from "./location-lists.ts";
import { MEMBER_CALLS } from "./member-calls.ts";
import { OVERVIEW_CALLS } from "./overview-calls.ts";

/** Every question that the console alone asks of a location; none of them changes its books. */
export const READING_CALLS: readonly ConsoleCall[] = [...LOCATION_LISTS, ...MEMBER_CALLS, ...OVERVIEW_CALLS];
