import { createHash } from "node:crypto";
import type { Command, LedgerOperation } from "../src/ledger/operation.ts";
import { newId } from "../src/platform/ids.ts";

/** A command as the gate would make it of a body: validated, with its keys and the hash of its payload. */
export function commandOf<I>(location_id: string, operation: LedgerOperation<I>, body: object): Command {
  const input = operation.input.parse(body);
  const { request_id } = input as { request_id?: string };
  const payload_hash = createHash("sha256").update(JSON.stringify(input)).digest();
  return {
    operation: operation as LedgerOperation,
    input,
    keys: operation.keys(input),
    location_id,
    request: request_id === undefined ? null : { id: request_id, payload_hash },
    correlation_id: newId(),
    source: "api",
    actor_id: null,
    authorised_version: null,
    explain: false,
  };
}
