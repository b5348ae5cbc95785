/** A subscription as `provider:id`; one of Stripe's stays Stripe's, though GoHighLevel tells of it. Null where there is none. */
export function subscriptionKey(provider: string, subscription_id: string | null): string | null {
  if (subscription_id === null) return null;
  return subscription_id.startsWith("sub_") ? `stripe:${subscription_id}` : `${provider}:${subscription_id}`;
}
