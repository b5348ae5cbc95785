/** Words of the frame around every page. */
export const frameTexts = {
  product: "Kotally",
  skip: "Skip to content",
  main_navigation: "Main navigation",
  phone_bar: "Location and search",
  open_navigation: "Open navigation",
  close_navigation: "Close navigation",
  search: "Search or jump to…",
  switch_place: "Switch location or workspace",
  find_place: "Find a location…",
  no_place: "No location matches.",
  all_locations: "All locations",
  new_location: "Locations of this workspace",
  whole_workspace: "Whole workspace",
  sandbox: "Sandbox",
  account: "Your account",
  account_menu: "Account menu",
  sign_out: "Sign out",
  scheme: "Colours",
  schemes: { light: "Light", dark: "Dark", auto: "As the system" },
  roles: { owner: "Owner", admin: "Admin", viewer: "Viewer" },
  support_view: "You look on as Kotally's support. Nothing can be changed, and the owner sees what was looked at.",
  connection_lost: "The server cannot be reached. What you see may be out of date; nothing you typed is lost.",
  newer_version: "A newer version of Kotally is ready.",
  groups: {
    now: "Today",
    members: "Members",
    set_up: "Set up",
    developers: "Developers",
    workspace: "Workspace",
  },
  pages: {
    getting_started: "Getting started",
    overview: "Overview",
    contacts: "Contacts",
    memberships: "Memberships",
    bookings: "Bookings",
    payments: "Payments",
    products: "Product configs",
    webhook_events: "Webhook events",
    api_clients: "API clients",
    location_settings: "Location settings",
    locations: "Locations",
    users: "Users",
    billing: "Billing",
    audit_trail: "Audit trail",
    settings: "Settings",
  },
  palette: {
    placeholder: "A name, e-mail, phone, any id, or a page",
    go_to: "Go to",
    found: "Found here",
    places: "Locations",
    actions: "Do",
    nothing: "Nothing found.",
    searching: "Searching…",
    hint: "Type at least two characters to search this location.",
    kinds: {
      contact: "Contact",
      payment: "Payment",
      membership: "Membership",
      booking: "Booking",
      entitlement: "Entitlement",
      ledger_entry: "Ledger entry",
      request: "Request",
      product_config: "Product config",
      api_client: "API client",
      webhook_event: "Webhook event",
    },
  },
};

/** When the session ended while a page was open. */
export const sessionLostTexts = {
  title: "Sign in again",
  about: (email: string) =>
    `Your session has ended. Sign in as ${email} to go on; what you typed on this page is still here.`,
  otherwise: "Sign in another way",
};

/** For who belongs to no workspace. */
export const homeTexts = {
  open: "Open a workspace",
  nowhere: (email: string) =>
    `${email} belongs to no workspace. Open one of your own, or ask for an invitation to another's.`,
  sign_out: "Sign out",
};
