/** Stripe puts the id of the payment page in its place. */
const SESSION = "{CHECKOUT_SESSION_ID}";

/** The billing page of the console. Coming back from Stripe, its address says how it went; what is true Stripe is asked then. */
export function billingPage(
  public_url: string,
  workspace_id: string,
  came_from: "paid" | "left" | "portal" | null = null,
): string {
  const page = `${public_url}/admin/workspaces/${workspace_id}/billing`;
  switch (came_from) {
    case "paid":
      return `${page}?checkout=${SESSION}`;
    case "left":
      return `${page}?checkout=left`;
    case "portal":
      return `${page}?portal=back`;
    case null:
      return page;
  }
}
