/** Stripe puts the id of the payment page in its place. */
const SESSION = "{CHECKOUT_SESSION_ID}";

/** Where Stripe leads back to: the billing page of the console, told how it went. */
export function billingPage(public_url: string, workspace_id: string, came_from: "paid" | "left" | "portal"): string {
  const page = `${public_url}/admin/workspaces/${workspace_id}/billing`;
  if (came_from === "paid") return `${page}?checkout=${SESSION}`;
  return came_from === "left" ? `${page}?checkout=left` : page;
}
