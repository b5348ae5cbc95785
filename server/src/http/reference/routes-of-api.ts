import type { LedgerOperation } from "../../operations/gate.ts";
import type { ContactRead } from "../../views/contact-read.ts";
import type { LocationCall } from "../location-call.ts";

/** The API as data: what is served and what is documented are one list. Paths are written as OpenAPI does. */
export interface ApiRoutes {
  operations: readonly { path: string; operation: LedgerOperation<unknown> }[];
  reads: readonly { path: string; read: ContactRead }[];
  calls: readonly LocationCall[];
}
