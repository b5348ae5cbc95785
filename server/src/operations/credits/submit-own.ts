import type { Answer, LedgerOperation } from "../../ledger/operation.ts";
import { newId } from "../../platform/ids.ts";
import type { EntrySource } from "../../store/ledger-entries.ts";
import type { Ledger } from "../ledger.ts";

/** Submits what no token asks for: a job or a person at the command line, authorised by where they stand. */
export function submitOwn<I>(
  ledger: Ledger,
  operation: LedgerOperation<I>,
  location_id: string,
  input: I,
  { source, urgency }: { source: EntrySource; urgency: "interactive" | "bulk" },
): Promise<Answer> {
  return ledger.submit(
    {
      operation: operation as LedgerOperation,
      input,
      keys: operation.keys(input),
      location_id,
      request: null,
      correlation_id: newId(),
      source,
      actor_id: null,
      authorised_version: null,
      explain: false,
    },
    urgency,
  );
}
