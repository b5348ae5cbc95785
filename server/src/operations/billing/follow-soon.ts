import type { BillingDesk } from "./billing-desk.ts";
import { followSubscription } from "./follow-subscription.ts";

/**
 * Follows subscriptions that Stripe told of, right after it was answered. However many events come at once, a workspace is asked about
 * once at a time, and once more where something was told meanwhile. What fails or is cut off is taken by the next round of the timer.
 */
export class FollowSoon {
  readonly #desk: BillingDesk;
  readonly #onFailure: (workspace_id: string, error: unknown) => void;
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();

  constructor(desk: BillingDesk, onFailure: (workspace_id: string, error: unknown) => void) {
    this.#desk = desk;
    this.#onFailure = onFailure;
  }

  follow(workspace_id: string): void {
    if (this.#running.has(workspace_id)) this.#again.add(workspace_id);
    else this.#running.set(workspace_id, this.#run(workspace_id));
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #run(workspace_id: string): Promise<void> {
    try {
      await followSubscription(this.#desk, workspace_id);
    } catch (error) {
      this.#onFailure(workspace_id, error);
    }
    this.#running.delete(workspace_id);
    if (this.#again.delete(workspace_id)) this.follow(workspace_id);
  }
}
