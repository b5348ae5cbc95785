import { createHash } from "node:crypto";
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
      // A job asks by level, again and again; what a person asked has its effect once, also when its commit's reply is lost.
      request: urgency === "bulk" ? null : { id: newId(), payload_hash: hashOf(input) },
      correlation_id: newId(),
      source,
      actor_id: null,
      authorised_version: null,
      explain: false,
    },
    urgency,
  );
}

function hashOf(input: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(input)).digest();
}
