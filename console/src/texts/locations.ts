import { formatNumber } from "../ui/format.ts";

/** Words of the locations of a workspace. */
export const locationsTexts = {
  title: "Locations",
  about: "Each has its own members, books and time zone; nothing is shared between them.",
  new_location: "New location",
  columns: {
    name: "Name",
    status: "Status",
    ghl: "GoHighLevel",
    stripe: "Stripe",
    api: "API clients",
    dead: "Dead webhooks",
  },
  sandbox: "Sandbox",
  statuses: { pending: "Pending", active: "Active", disconnected: "Disconnected" },
  clients: (count: number) => (count === 1 ? "1 client" : `${formatNumber(count)} clients`),
  dead: (count: number) => (count >= 100 ? "100 or more" : formatNumber(count)),
  used: "used",
  none: {
    title: "No location yet",
    about:
      "Connect a GoHighLevel sub-account, or start with the API alone. A sandbox costs nothing and has a clock to move.",
  },

  pending: {
    title: "Installed, and not a location yet",
    about: "GoHighLevel has not said yet what these are. Each becomes a location by itself, usually within minutes.",
    agency: "A whole agency",
    columns: { company: "Company", location: "GoHighLevel location", status: "Status", installed: "Installed" },
    statuses: {
      unclaimed: "Not claimed",
      connected: "Connected",
      needs_reinstall: "Needs a new installation",
      disconnected: "Uninstalled",
    },
  },

  create: {
    title: "New location",
    which: "How do its members come?",
    ghl: {
      title: "Connect GoHighLevel",
      about: "Purchases, bookings and contacts of a sub-account arrive by themselves.",
      off: "This server is not set up for GoHighLevel: whoever runs it sets GHL_CLIENT_ID, GHL_CLIENT_SECRET and GHL_INSTALL_URL.",
      go: "Continue to GoHighLevel",
      explained:
        "GoHighLevel asks which sub-accounts to install Kotally for. Each becomes a location, named and zoned as it is there.",
    },
    api: {
      title: "Use the Kotally API instead (no GHL)",
      about: "Your own program grants and takes credits. Active as soon as billing allows.",
    },
    sandbox: {
      title: "Sandbox",
      about: "To try things out: never billed, no effects outside, and a clock that you move.",
    },
    name: "Name",
    name_needed: "Give it a name.",
    timezone: "Time zone",
    timezone_about: "Days, expiry and “24 hours before” are reckoned in it.",
    timezone_needed: "Choose a time zone.",
    currency: "Currency",
    next: "Next",
    open: "Create location",
    opened: (name: string) => `${name} is there.`,
  },

  ghl: {
    not_connected: "Not connected",
    unclaimed: "Not claimed",
    connected: "Connected",
    disconnected: "Uninstalled",
    needs_reinstall: "Permission ended",
  },
  stripe: { not_connected: "Not connected", webhook: "Listening", poll: "Asking each minute", test: "test account" },
  last_webhook: "last webhook",
  no_webhook: "no webhook yet",
  asked: "asked",
};

/** Words of the claim of an installation that began in the marketplace. */
export const claimTexts = {
  title: "Claim an installation",
  about: (company: string) =>
    `Kotally was installed for ${company}. Choose the workspace that it belongs to: it becomes a location there, and is billed there.`,
  workspace: "Workspace",
  claim: "Claim",
  claimed: "It is a location of this workspace now.",
  an_agency: "a GoHighLevel agency",
  nothing: "Nothing to claim",
  nothing_about:
    "The link is not complete, or was used in another browser. Install the app once more from the list of locations.",
  nowhere: "You need to be admin or owner of a workspace to claim an installation.",
};

/** Words of one location's settings and connections. */
export const locationTexts = {
  title: "Location settings",
  facts: { key: "Key", now: "Its clock shows", made: "Made" },
  disconnected: "This location is out of use: its tokens are refused and nothing arrives. All its data stays.",
  pending: "This location waits for billing: it becomes active as soon as the workspace has a plan.",

  settings: {
    title: "Rules of the house",
    about: "They hold for every decision from now on, and undo none. A product config may say otherwise.",
    name: "Name",
    name_needed: "Give it a name.",
    timezone: "Time zone",
    timezone_about: "Days already given out keep their end; new ones are reckoned in it.",
    currency: "Currency",
    currency_wrong: "Three letters, such as USD.",
    window: "Free cancelling, hours",
    window_about: "Until so long before the start. 0: any time before it.",
    make_good: "Make-good life, days",
    make_good_about: "Of a credit that comes back after its expiry. 0: it does not.",
    penalty: "No-show penalty, credits",
    penalty_about: "Beside the booking's own.",
    number_needed: "A number is needed here.",
    auto_settle: "Settle unfunded bookings by themselves",
    auto_settle_about: "As soon as the member has credits; otherwise staff settle them.",
    shows_balances: "Show balances in GoHighLevel",
    shows_balances_about: "Writes each member's balance into a custom field of the contact.",
    yes: "Yes",
    no: "No",
    save: "Save settings",
    saved: "The settings are saved.",
  },

  ghl: {
    title: "GoHighLevel",
    connect: "Connect GoHighLevel",
    reinstall: "Install again",
    off: "This server is not set up for GoHighLevel.",
    nothing:
      "Not connected. Members come through the API; bookings and purchases of a sub-account would arrive by themselves.",
    connect_about: "Connecting installs Kotally for a sub-account; it becomes a location of its own in this workspace.",
    status: "Status",
    location: "GoHighLevel location",
    installed: "Installed",
    last_webhook: "Last webhook",
    last_poll: "Last asked",
    trouble: "Trouble",
    none_yet: "None yet",
    polls: "What is asked for, because no webhook tells of it",
    poll_columns: { kind: "What", at: "Last read", trouble: "How it went" },
    well: "Well",
    failed: (count: number, why: string) => `Failed ${formatNumber(count)} times since: ${why}`,
    kinds: {
      transactions: "Transactions",
      transactions_sweep: "Transactions, once more",
      subscriptions: "Subscriptions",
      bookings: "Bookings",
    },
    balances: "Balances shown",
    balances_waiting: (count: number) =>
      count === 0 ? "All written" : `${count >= 1000 ? "1,000 or more" : formatNumber(count)} wait to be written`,
    troubled: (count: number) => `${formatNumber(count)} could not be written`,
    field: "Field that shows them",
    field_auto: "“Kotally balance”, made where there is none",
    field_change: "Choose field",
    field_about: "All balances are written to it again.",
    field_saved: "Balances are shown there from now on.",
    save_field: "Use this field",
  },

  stripe: {
    title: "Stripe",
    about:
      "The studio's own Stripe account, listened to and never written to. GoHighLevel comes first; one payment that both tell of is granted once.",
    connect: "Connect Stripe",
    replace: "Replace key",
    disconnect: "Disconnect",
    disconnect_about:
      "The key is destroyed at once, and what Stripe delivers afterwards is refused. Payments that were recorded stay.",
    disconnected: "Stripe is disconnected.",
    status: "Status",
    account: "Account",
    live: "Live",
    test: "Test",
    since: "Connected",
    last_webhook: "Last webhook",
    last_poll: "Last asked",
    last_event: "Latest event",
    key: "Restricted key",
    key_about:
      "Made in Stripe under Developers, API keys: read access to charges, customers, invoices, subscriptions and events.",
    key_needed: "Paste the key.",
    listen: "How Stripe tells",
    listens: {
      endpoint: { title: "Make the webhook endpoint", about: "Needs write access to webhook endpoints." },
      secret: { title: "I made the endpoint myself", about: "Paste its signing secret." },
      poll: { title: "Ask each minute", about: "Without any webhook." },
    },
    secret: "Signing secret",
    secret_needed: "Paste the secret, whsec_…",
    check: "Check key",
    checked: (is_live: boolean) =>
      is_live ? "The key works, of a live account." : "The key works, of a test account.",
    go: "Connect",
    connected: "Stripe is connected.",
    webhook_url: "Where Stripe delivers",
  },

  clock: {
    title: "Clock of the sandbox",
    about:
      "It only moves forward. Everything that falls due on the way is booked, in order: renewals, expiry, freezes.",
    shows: "It shows",
    steps: { PT1H: "1 hour", P1D: "1 day", P7D: "1 week", P1M: "1 month", P1Y: "1 year" },
    forward: (step: string) => `Forward ${step}`,
    confirm: (step: string) =>
      `The clock of this sandbox goes forward by ${step}. It cannot go back; what falls due meanwhile is booked.`,
    confirm_to: (day: string) =>
      `The clock of this sandbox goes forward to ${day}. It cannot go back; what falls due meanwhile is booked.`,
    to: "To a day",
    to_wrong: "Choose a day after what it shows.",
    go: "Move forward",
    done: "The clock has moved.",
    moved: (now: string, settled: number) =>
      `It shows ${now} now. ${settled === 0 ? "Nothing fell due." : settled === 1 ? "1 due was settled." : `${formatNumber(settled)} dues were settled.`}`,
  },

  embed: {
    title: "Staff embed",
    about: "What staff see inside GoHighLevel: today's bookings and any member's balance, to look at only.",
    open: "Open as staff",
  },

  end: {
    title: "Out of use",
    about:
      "Takes the location out of use: API tokens are refused, credentials of GoHighLevel and Stripe are destroyed, it is no longer billed. All its data stays.",
    disconnect: "Disconnect location",
    effects: (clients: number, has_ghl: boolean, has_stripe: boolean) => [
      clients === 1
        ? "The token of 1 API client is refused."
        : `The tokens of ${formatNumber(clients)} API clients are refused.`,
      has_ghl ? "GoHighLevel's permission is given back; purchases and bookings no longer arrive." : null,
      has_stripe ? "Stripe's key is destroyed; payments no longer arrive." : null,
      "Members, balances and the whole ledger stay, and can be read and exported.",
    ],
    what_happens: "What happens",
    reason: "Reason",
    reason_about: "It stands in the audit trail.",
    reason_needed: "Say why.",
    word: (name: string) => `Type ${name} to go on`,
    word_wrong: "This is not its name.",
    done: (name: string) => `${name} is disconnected.`,
    reconnect: "Take into use again",
    reconnect_about: "API tokens serve again. GoHighLevel has to be installed anew, and Stripe be given a key.",
    reconnected: (name: string) => `${name} is in use again.`,
  },
};
