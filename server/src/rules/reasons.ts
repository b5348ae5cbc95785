interface Reason {
  meaning: string;
  remedy: string;
}

/** Codes that come with `ok: true`: lower case. */
export const SUCCESSES = {
  grant_applied: { meaning: "The payment was turned into credits.", remedy: "Nothing to do." },
  duplicate_payment_event: {
    meaning: "This payment was processed before; no credits were added.",
    remedy: "Nothing to do: the ids are those of the first grant, the balance is the one of now.",
  },
  payment_recorded: {
    meaning: "The payment is recorded as status says; granted names the items that became credits.",
    remedy: "Items that wait for a person are listed with payments, attention=unmatched or held.",
  },
  test_payment_ignored: {
    meaning: "A test payment, refund or dispute never reaches live books.",
    remedy: "Nothing to do; use a sandbox location for tests.",
  },
  refund_recorded: {
    meaning: "What was refunded is reckoned with: taken came out of the credits, shortfall was spent already.",
    remedy: "A shortfall is listed with payments, attention=shortfall.",
  },
  refund_kept: { meaning: "The refund's payment is not known yet.", remedy: "It is applied when the payment comes." },
  dispute_recorded: {
    meaning: "The dispute is reckoned with: while it is open the payment's credits are paused.",
    remedy: "Nothing to do.",
  },
  dispute_kept: { meaning: "The dispute's payment is not known yet.", remedy: "It is applied when the payment comes." },
  payment_resolved: { meaning: "The payment is as staff decided.", remedy: "Nothing to do." },
  payment_loaded: { meaning: "The payment with its items, refunds and disputes.", remedy: "Nothing to do." },
  eligible: { meaning: "The credits are there; nothing was changed.", remedy: "Deduct to take them." },
  deducted: { meaning: "The credits were taken.", remedy: "Nothing to do." },
  restored: { meaning: "The credits were given back.", remedy: "Nothing to do." },
  expiry_extended: { meaning: "The entitlements live longer.", remedy: "Nothing to do." },
  booking_synced: { meaning: "The booking costs what it deserves now.", remedy: "Nothing to do." },
  booking_unfunded: {
    meaning: "The booking is recorded, but could not be charged.",
    remedy: "See unfunded for the reason; settle it when credits have come.",
  },
  duplicate_event: { meaning: "The delivery told nothing new; nothing was changed.", remedy: "Nothing to do." },
  booking_settled: { meaning: "The booking is charged, or settled as used.", remedy: "Nothing to do." },
  booking_waived: { meaning: "The booking costs nothing, and waits for nobody.", remedy: "Nothing to do." },
  booking_cancelled_by_studio: {
    meaning: "The booking counts as cancelled by the studio; its credits went back.",
    remedy: "Nothing to do.",
  },
  bookings_loaded: { meaning: "A page of the location's bookings.", remedy: "Follow next_cursor for more." },
  contacts_merged: {
    meaning: "The contact's credits, memberships and bookings are the other one's now.",
    remedy: "Nothing to do.",
  },
  membership_frozen: { meaning: "The membership stands still over those days.", remedy: "Look at bookings_inside." },
  membership_unfrozen: {
    meaning: "The freeze was ended early, or cancelled before it began.",
    remedy: "Nothing to do.",
  },
  membership_cancelled: {
    meaning: "The membership has ended, or will.",
    remedy: "Nothing to do; resume undoes a later end.",
  },
  membership_resumed: { meaning: "The membership goes on.", remedy: "Nothing to do." },
  plan_changed: { meaning: "The membership has another plan, or will from its next period.", remedy: "Nothing to do." },
  credits_adjusted: { meaning: "The credits were added or taken by hand.", remedy: "Nothing to do." },
  subscription_followed: {
    meaning: "The membership ends or goes on as its subscription says.",
    remedy: "Nothing to do.",
  },
  memberships_loaded: { meaning: "The contact's memberships.", remedy: "Nothing to do." },
  contact_updated: { meaning: "What the CRM says of the contact was taken over.", remedy: "Nothing to do." },
  contact_unused: { meaning: "The contact has no books here, so nothing of it is kept.", remedy: "Nothing to do." },
  due_settled: { meaning: "What fell due by time was booked.", remedy: "Nothing to do." },
  contact_loaded: { meaning: "The contact was found.", remedy: "Nothing to do." },
  summary_loaded: { meaning: "The contact's summary.", remedy: "Nothing to do." },
  credits_loaded: { meaning: "The contact's available credits.", remedy: "Nothing to do." },
  entitlements_loaded: { meaning: "A page of the contact's entitlements.", remedy: "Follow next_cursor for more." },
  ledger_loaded: { meaning: "A page of the contact's ledger.", remedy: "Follow next_cursor for more." },
  payments_loaded: { meaning: "A page of the contact's payments.", remedy: "Follow next_cursor for more." },
  appointments_loaded: { meaning: "A page of the contact's appointments.", remedy: "Follow next_cursor for more." },
  timeline_loaded: { meaning: "A page of the contact's timeline.", remedy: "Follow next_cursor for more." },
  reason_codes_loaded: { meaning: "Every reason code of the API.", remedy: "Nothing to do." },
  webhook_received: { meaning: "The delivery is kept, or was before.", remedy: "Nothing to do." },
  webhook_events_loaded: {
    meaning: "A page of the location's webhook events.",
    remedy: "Follow next_cursor for more.",
  },
  webhook_event_loaded: { meaning: "The webhook event with its body, attempts and effects.", remedy: "Nothing to do." },
  webhook_events_replayed: { meaning: "The webhook events are due again.", remedy: "Nothing to do." },
  ghl_connection_loaded: { meaning: "How the location stands with GoHighLevel.", remedy: "Nothing to do." },
  ghl_products_loaded: { meaning: "The location's products in GoHighLevel.", remedy: "Nothing to do." },
  ghl_calendars_loaded: { meaning: "The location's calendars in GoHighLevel.", remedy: "Nothing to do." },
  ghl_contacts_loaded: { meaning: "Contacts that GoHighLevel found.", remedy: "Nothing to do." },
  panel_loaded: { meaning: "The contact as a side panel shows it.", remedy: "Nothing to do." },
  embed_opened: { meaning: "Staff may look into this location.", remedy: "Send the token until it expires." },
  loaded: { meaning: "What the console asked for.", remedy: "Nothing to do." },
  saved: { meaning: "The change that the console asked for is made.", remedy: "Nothing to do." },
  alive: { meaning: "The process answers.", remedy: "Nothing to do." },
  ready: { meaning: "The database answers and its schema is up to date.", remedy: "Nothing to do." },
} as const satisfies Record<string, Reason>;

/** Business refusals, HTTP 200 with `ok: false`; the order is their precedence, everywhere. */
export const REFUSALS = {
  BILLING_SUSPENDED: {
    meaning: "The workspace's billing is suspended, so nothing may change; reads and checks still work.",
    remedy: "The workspace owner settles the bill; then send the request again with a new request_id.",
  },
  CONFIG_NOT_FOUND: {
    meaning: "No active product config of this location has that id.",
    remedy: "Use the pc_ id of an active product config of the token's location.",
  },
  PAYMENT_ELSEWHERE: {
    meaning: "The payment is another contact's.",
    remedy: "Name the contact that the payment is told with; to move it there is assign_contact.",
  },
  NOTHING_TO_RESOLVE: {
    meaning: "Nothing of this payment waits for that decision.",
    remedy: "Read the payment: its status and its items say what can still be decided.",
  },
  NO_ENTITLEMENT: {
    meaning: "The contact holds nothing that is usable for this request.",
    remedy: "See detail, where one is known, for the finer reason; sell or assign a product that covers it.",
  },
  MEMBERSHIP_NOT_FOUND: {
    meaning: "The contact has no live membership of that id.",
    remedy: "See GET /contacts/{id}/memberships; one that has ended stays as it is.",
  },
  MEMBERSHIP_NOT_ACTIVE: {
    meaning: "The membership is past due or suspended, and this needs one that is paid.",
    remedy: "Let the member pay first; then send a new request_id.",
  },
  FREEZE_OVERLAPS: {
    meaning: "A freeze of the membership lies in the way.",
    remedy: "Choose other days, or unfreeze the one that freeze_id names first.",
  },
  FREEZE_LIMIT_REACHED: {
    meaning: "The plan allows no freeze that long, or no further one within twelve months.",
    remedy: "The limit is in the answer: choose fewer days, or a later start.",
  },
  USED_INSIDE_FREEZE: {
    meaning: "Credits of the membership were used on a day that would be frozen.",
    remedy: "Let the freeze begin after used_on.",
  },
  NOT_FROZEN: {
    meaning: "The membership has no freeze that could be ended, or none of that id.",
    remedy: "See its freezes in GET /contacts/{id}/memberships.",
  },
  NOT_ENDING: { meaning: "The membership is not about to end.", remedy: "Nothing to do." },
  CANCELLATION_WINDOW_EXPIRED: {
    meaning: "The cancellation came later than the cancellation window allows.",
    remedy: "The credit stays used. Staff may give a goodwill credit.",
  },
  NOTHING_TO_SETTLE: {
    meaning: "The booking is charged already, or need not be.",
    remedy: "Nothing to do.",
  },
  NOTHING_TO_RESTORE: {
    meaning: "No deduction that matches has that many credits left to give back.",
    remedy: "Check external_ref and amount: a deduction is restored at most once.",
  },
  INSUFFICIENT_CREDITS: {
    meaning: "The contact holds a matching entitlement, but too few credits in it.",
    remedy: "Sell more credits or ask for fewer; then send a new request_id.",
  },
  PREVIEW_OUTDATED: {
    meaning: "What would happen has changed since it was shown; nothing was done.",
    remedy: "Look at it again with dry_run: true; then send a new request_id with the new fingerprint.",
  },
  ALREADY_A_MEMBER: {
    meaning: "The address belongs to a member of the workspace.",
    remedy: "Change their role instead.",
  },
  LAST_OWNER: {
    meaning: "The workspace would be left without an owner.",
    remedy: "Make another member an owner first.",
  },
  INVITATION_CLOSED: {
    meaning: "The invitation was accepted, taken back or sent again, or its seven days are over.",
    remedy: "Use the link of the latest mail, or ask for a new one.",
  },
  INVITED_ELSEWHERE: {
    meaning: "The invitation is to another e-mail address than the one that is signed in.",
    remedy: "Sign in with the address that the mail was sent to.",
  },
  HAS_ACCOUNT: {
    meaning: "The invited address has an account already.",
    remedy: "Sign in, and accept then.",
  },
  EDIT_CONFLICT: {
    meaning: "Somebody changed it meanwhile; edits tells who, when and what, and current is what it is now.",
    remedy: "Look at what changed, and save again with the version of now.",
  },
  MAPPING_CONFLICT: {
    meaning: "Another active product config is sold under the same name; a purchase of it would be granted by neither.",
    remedy: "Take the name off one of them, or deactivate it; conflicts says which.",
  },
  IN_USE: {
    meaning: "Something still refers to it; used_by names what.",
    remedy: "Change what refers to it first.",
  },
  ALREADY_SO: { meaning: "It is so already; status tells how it stands.", remedy: "Look again: nothing to do." },
  LIMIT_REACHED: {
    meaning: "There are as many as there may be; limit says how many.",
    remedy: "Take one away first; where message says in how long, wait.",
  },
  NOTHING_TO_DO: { meaning: "Nothing is meant by what was chosen.", remedy: "Choose more widely." },
  NOT_READY: {
    meaning: "It is not finished yet, was cancelled, is too old, or cannot be undone; status tells how it stands.",
    remedy: "Wait until it is done, or begin with a new preview.",
  },
  NOT_A_SANDBOX: {
    meaning: "The location is live: its clock is everybody's.",
    remedy: "Use a sandbox location to see what time brings.",
  },
  NOT_CONNECTED: {
    meaning: "The location is not connected to GoHighLevel, or its permission has ended.",
    remedy: "Install the app for this location, or again.",
  },
  GHL_UNAVAILABLE: {
    meaning: "GoHighLevel gave no answer that could be used; why tells more.",
    remedy: "Ask again in a minute; see GET /ghl/connection if it stays.",
  },
  GHL_OFF: {
    meaning: "This server is not set up for GoHighLevel.",
    remedy: "Whoever runs it sets GHL_CLIENT_ID, GHL_CLIENT_SECRET and GHL_INSTALL_URL.",
  },
  NOT_CLAIMABLE: {
    meaning: "The installation is another workspace's, was taken off, or the link to it is older than a day.",
    remedy: "Install the app again, from the console.",
  },
  NOT_BILLED: {
    meaning: "This server bills nobody: everything is on without a subscription.",
    remedy: "Nothing to do.",
  },
  ALREADY_SUBSCRIBED: {
    meaning: "The workspace has a subscription, which needs no second one.",
    remedy: "Change the card, pay an invoice or end the subscription in the portal.",
  },
  NOT_SUBSCRIBED: {
    meaning: "The workspace never had a subscription, so there is nothing to manage.",
    remedy: "Subscribe first.",
  },
  STRIPE_UNAVAILABLE: {
    meaning: "Stripe gave no answer that could be used; why tells more.",
    remedy: "Ask again in a minute; nothing was paid or changed meanwhile.",
  },
  NOT_FOUND: {
    meaning: "Nothing of this location has that id, or the path does not exist.",
    remedy: "A contact: use its external (GoHighLevel) id or its own id. A webhook event: use its own id.",
  },
} as const satisfies Record<string, Reason>;

/** Finer reasons, in `detail` and in explanations; where several apply, the first of this order is told (clarification 13). */
export const DETAILS = {
  USAGE_LIMIT_REACHED: {
    meaning: "The product's fair-use limit for that day, week or period is reached.",
    remedy: "Choose another date, or wait until the limit resets.",
  },
  ENTITLEMENT_PAUSED: { meaning: "The entitlement is paused (frozen).", remedy: "Unfreeze it, or use another date." },
  NOT_YET_ACTIVE: {
    meaning: "The entitlement takes effect later than the asked date.",
    remedy: "Ask for a date on which it is valid.",
  },
  ENTITLEMENT_EXPIRED: {
    meaning: "The entitlement has expired, or will have by the asked date.",
    remedy: "Sell a new one, or let staff extend it.",
  },
  SERVICE_FAMILY_MISMATCH: {
    meaning: "Credits exist, but for other products or calendars.",
    remedy: "Book a covered calendar, or sell a product that covers this one.",
  },
  UNKNOWN_CONTACT: { meaning: "No contact of this location has that id.", remedy: "Check external_contact_id." },
} as const satisfies Record<string, Reason>;

/** Transport errors: the HTTP status says what kind. */
export const TRANSPORT_ERRORS = {
  VALIDATION_ERROR: { status: 400, meaning: "The request is not well formed.", remedy: "Mend what errors[] names." },
  UNAUTHORIZED: {
    status: 401,
    meaning: "The token is missing, wrong, inactive, of a disconnected location, or lacks the scope or the location.",
    remedy: "Send Authorization: Bearer ktly_… of an active API client with the scope.",
  },
  FORBIDDEN: {
    status: 403,
    meaning: "The person's role does not allow it, or a page elsewhere asked for a change.",
    remedy: "Ask an owner of the workspace; make changes from the console's own pages.",
  },
  INVALID_SIGNATURE: {
    status: 401,
    meaning: "The webhook's signature is missing, wrong, or too old.",
    remedy: "Deliver the bytes as they were signed, with the signature header of the provider.",
  },
  NOT_FOUND: { status: 404, meaning: "The path does not exist.", remedy: "See /api/v2/openapi.json." },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: "The path exists, the method does not.",
    remedy: "See the Allow header.",
  },
  REQUEST_IN_PROGRESS: {
    status: 409,
    meaning: "The first request with this request_id is still in work.",
    remedy: "Repeat the same request after Retry-After seconds.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: "The body is larger than 64 KiB; a webhook's, than 1 MiB.",
    remedy: "Send less metadata.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: "The body is not JSON.",
    remedy: "Send Content-Type: application/json.",
  },
  RATE_LIMITED: {
    status: 429,
    meaning: "The API client sends faster than its rate limit.",
    remedy: "Wait Retry-After seconds and repeat.",
  },
  INTERNAL_ERROR: {
    status: 500,
    meaning: "Something broke on our side; nothing was changed.",
    remedy: "Repeat with the same request_id; report the correlation_id if it stays.",
  },
  UNAVAILABLE: {
    status: 503,
    meaning: "The database is away, the server is shutting down, or overloaded.",
    remedy: "Repeat with the same request_id after Retry-After seconds.",
  },
} as const satisfies Record<string, Reason & { status: number }>;

export type Success = keyof typeof SUCCESSES;
export type Refusal = keyof typeof REFUSALS;
export type Detail = keyof typeof DETAILS;
export type TransportError = keyof typeof TRANSPORT_ERRORS;

const detail_order = Object.keys(DETAILS) as Detail[];

/** The one detail to tell when several apply. Clarification 13. */
export function foremostDetail(details: ReadonlySet<Detail>): Detail | null {
  return detail_order.find((detail) => details.has(detail)) ?? null;
}
