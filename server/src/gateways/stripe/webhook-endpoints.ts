import { PINNED_API_VERSION, type StripeAccount } from "./client.ts";
import { isMissing, StripeFailure } from "./failures.ts";
import { LISTENED_EVENTS } from "./listened-events.ts";

export interface CreatedEndpoint {
  endpoint_id: string;
  /** Said once, at creation. */
  secret: string;
}

/** Has the account send its events to `url`, in the pinned version. Needs the permission to write webhook endpoints. */
export async function createEndpoint(account: StripeAccount, url: string): Promise<CreatedEndpoint> {
  const { id, secret } = await account.ask("webhook_endpoints", (stripe) =>
    stripe.webhookEndpoints.create({
      url,
      enabled_events: LISTENED_EVENTS,
      api_version: PINNED_API_VERSION,
      description: "Kotally",
    }),
  );
  if (secret === undefined) throw new StripeFailure("rejected", { permission: "webhook_endpoints" });
  return { endpoint_id: id, secret };
}

/** Ends the account's sending. An endpoint that is gone already is as good. */
export async function deleteEndpoint(account: StripeAccount, endpoint_id: string): Promise<void> {
  await account.ask("webhook_endpoints", async (stripe) => {
    try {
      await stripe.webhookEndpoints.del(endpoint_id);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  });
}
