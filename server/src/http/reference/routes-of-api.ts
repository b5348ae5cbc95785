import type { LedgerOperation } from "../../operations/gate.ts";
import type { ContactRead } from "../../views/contact-read.ts";
import type { LocationCall } from "../location-call.ts";

/** The API as data: what is served and what is documented are one list. Paths are written as OpenAPI does. */
/** Fields of an operation's input that stand in its path. */
export function pathFields(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
}

export interface ApiRoutes {
  operations: readonly { path: string; operation: LedgerOperation<unknown> }[];
  /** Ledger operations of the scope `manage`; a field in the path, `{payment_id}`, is a field of their input. */
  management: readonly { path: string; operation: LedgerOperation<unknown> }[];
  reads: readonly { path: string; read: ContactRead }[];
  calls: readonly LocationCall[];
}
