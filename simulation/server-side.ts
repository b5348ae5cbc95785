import { Authenticator } from "../server/src/operations/access/authenticate-client.ts";
import { checkEligibility } from "../server/src/operations/credits/check-eligibility.ts";
import { deductCredits } from "../server/src/operations/credits/deduct-credits.ts";
import { grantCredits } from "../server/src/operations/credits/grant-credits.ts";
import { restoreCredits } from "../server/src/operations/credits/restore-credits.ts";
import { Gate, type GateAnswer, type LedgerOperation } from "../server/src/operations/gate.ts";
import { openLedger, type Ledger } from "../server/src/operations/ledger.ts";
import type { Clock } from "../server/src/platform/clock.ts";
import { Database } from "../server/src/platform/database.ts";
import { newId } from "../server/src/platform/ids.ts";

export const OPERATIONS = {
  grant: grantCredits as LedgerOperation<unknown>,
  check: checkEligibility as LedgerOperation<unknown>,
  deduct: deductCredits as LedgerOperation<unknown>,
  restore: restoreCredits as LedgerOperation<unknown>,
};

export type OperationName = keyof typeof OPERATIONS;

/** One of the server's processes, as far as the books know it: its own connections, gate and executor. */
export class ServerSide {
  readonly ledger: Ledger;
  readonly #db: Database;
  readonly #gate: Gate;
  readonly #authenticator: Authenticator;

  constructor(url: string, clock: Clock) {
    this.#db = new Database(url, 3);
    this.ledger = openLedger(this.#db, clock, { batch: "mixed" });
    this.#authenticator = new Authenticator(this.#db, clock);
    this.#gate = new Gate(this.ledger);
  }

  /** Sends a command through the gate, as a route would. An unreachable database is an answer too. */
  async send(token: string, name: OperationName, body: object): Promise<GateAnswer> {
    const authorization = `Bearer ${token}`;
    try {
      const caller = await this.#authenticator.authenticate(authorization);
      if (!caller) return { kind: "unauthorized", message: "the token is unknown" };
      const asking = { caller, again: () => this.#authenticator.authenticateAfresh(authorization) };
      const request = { asking, body, correlation_id: newId(), explain: false };
      return await this.#gate.run(OPERATIONS[name], request);
    } catch {
      return { kind: "unavailable" };
    }
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.#db.close();
  }
}
