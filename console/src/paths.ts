const at = (location_id: string) => `/locations/${encodeURIComponent(location_id)}`;
const of = (workspace_id: string) => `/workspaces/${encodeURIComponent(workspace_id)}`;

/** Every address of the console, below /admin. Ids stand in it as the API has them. */
export const paths = {
  home: () => "/",
  signIn: () => "/sign-in",
  signUp: () => "/sign-up",
  secondFactor: () => "/second-factor",
  forgottenPassword: () => "/forgotten-password",
  resetPassword: () => "/reset-password",
  verifyEmail: () => "/verify-email",
  invitation: () => "/invitation",
  claim: () => "/claim",
  account: () => "/account",

  gettingStarted: (location_id: string) => `${at(location_id)}/getting-started`,
  overview: (location_id: string) => `${at(location_id)}/overview`,
  contacts: (location_id: string) => `${at(location_id)}/contacts`,
  contact: (location_id: string, contact_id: string) => `${at(location_id)}/contacts/${encodeURIComponent(contact_id)}`,
  memberships: (location_id: string) => `${at(location_id)}/memberships`,
  bookings: (location_id: string) => `${at(location_id)}/bookings`,
  booking: (location_id: string, contact_id: string, booking_id: string) =>
    `${at(location_id)}/bookings?${new URLSearchParams({ contact: contact_id, booking: booking_id })}`,
  payments: (location_id: string) => `${at(location_id)}/payments`,
  payment: (location_id: string, payment_id: string) => `${at(location_id)}/payments/${encodeURIComponent(payment_id)}`,
  products: (location_id: string) => `${at(location_id)}/products`,
  product: (location_id: string, product_id: string) => `${at(location_id)}/products/${encodeURIComponent(product_id)}`,
  webhookEvents: (location_id: string) => `${at(location_id)}/webhook-events`,
  webhookEvent: (location_id: string, event_id: string) =>
    `${at(location_id)}/webhook-events/${encodeURIComponent(event_id)}`,
  apiClients: (location_id: string) => `${at(location_id)}/api-clients`,
  apiClient: (location_id: string, client_id: string) =>
    `${at(location_id)}/api-clients/${encodeURIComponent(client_id)}`,
  locationSettings: (location_id: string) => `${at(location_id)}/settings`,

  start: (workspace_id: string) => `${of(workspace_id)}/start`,
  locations: (workspace_id: string) => `${of(workspace_id)}/locations`,
  users: (workspace_id: string) => `${of(workspace_id)}/users`,
  billing: (workspace_id: string) => `${of(workspace_id)}/billing`,
  auditTrail: (workspace_id: string) => `${of(workspace_id)}/audit-trail`,
  settings: (workspace_id: string) => `${of(workspace_id)}/settings`,
};
