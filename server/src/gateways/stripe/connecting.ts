import { checkRestrictedKey } from "./check-key.ts";
import { StripeAccount } from "./client.ts";
import { createEndpoint, deleteEndpoint } from "./webhook-endpoints.ts";

/** The calls to a studio's account that connecting and disconnecting it makes. They throw `StripeFailure`. */
export function stripePorts(api_base: string | null) {
  return {
    check: (key: string) => checkRestrictedKey(key, api_base),
    createEndpoint: (key: string, url: string) => createEndpoint(new StripeAccount({ key, api_base }), url),
    deleteEndpoint: (key: string, id: string) => deleteEndpoint(new StripeAccount({ key, api_base }), id),
  };
}
