import { formatNumber } from "../ui/format.ts";

const many = (count: number, one: string, more: string) => `${formatNumber(count)} ${count === 1 ? one : more}`;

/** Words of the way from nothing to a location that runs. */
export const gettingStartedTexts = {
  title: "Getting started",
  about: "Each step looks at what is there, and ticks itself.",
  workspace_about: (workspace: string) => `From nothing to the first credit of ${workspace}.`,
  progress: (done: number, all: number) => `${formatNumber(done)} of ${formatNumber(all)} done`,
  all_done: "Everything runs",
  all_done_about: "This location takes purchases and bookings. The overview says what waits for a person.",
  to_overview: "Go to the overview",
  states: { done: "Done", open: "To do", not_needed: "Not needed", next: "Next" },
  ask_admin: "Somebody with the role admin or owner does this.",
  ask_owner: "An owner of the workspace does this.",

  steps: {
    billing: {
      title: "Billing",
      about: "The first active location is $59 a month, each further one $19. Sandboxes cost nothing.",
      done: {
        active: "The plan is active.",
        trialing: "The trial runs.",
        past_due: "The last payment failed; everything works for some days more.",
      },
      open: {
        none: "No plan yet: locations stay pending until there is one.",
        suspended: "Billing is suspended: nothing may change until the bill is paid.",
        cancelled: "The workspace is cancelled.",
      },
      self_hosted: "This server is your own: nothing to pay.",
      go: "Set up billing",
    },
    location: {
      title: "Location",
      about:
        "Where do members, purchases and bookings come from? A GoHighLevel sub-account tells by itself; with the API your own program tells.",
      ghl: "Connected to GoHighLevel",
      api: "Runs by the API alone.",
      ghl_waits: {
        unclaimed: "Installed, and not claimed yet.",
        disconnected: "GoHighLevel was uninstalled.",
        needs_reinstall: "GoHighLevel's permission has ended: install the app again.",
      },
      last_webhook: "last webhook",
      go_api: "Use the Kotally API instead (no GHL)",
      go_connections: "Look at connections",
    },
    product_configs: {
      title: "Product configs",
      about: "Say what a purchase becomes: ten credits for thirty days, eight visits a month.",
      count: (count: number) => `${many(count, "product config is", "product configs are")} sold.`,
      go: "New product config",
      all: "Product configs",
    },
    api_client: {
      title: "API client",
      about: "A token for your program, and a first request to paste into a terminal.",
      count: (count: number) => many(count, "client", "clients"),
      never_used: "none has asked anything yet",
      used: "last used",
      not_needed: "GoHighLevel needs no token.",
      go: "New API client",
      all: "API clients",
    },
    test_purchase: {
      title: "Test purchase",
      ghl: "Buy one of the mapped products in GoHighLevel. It appears here within seconds, and under Payments.",
      either: "A first purchase, told by GoHighLevel or granted by the API.",
      api: "Grant a payment by the API: each client's page has the request Grant ready to paste.",
      told: "A purchase came in",
      from: { ghl: "from GoHighLevel", stripe: "from Stripe", api: "by the API" },
      go_ghl: "Look at payments",
      go_api: "API clients",
    },
    test_booking: {
      title: "Test booking",
      ghl: "Book an appointment for that contact in a calendar that the product covers. A credit is held at once.",
      either: "A first booking, told by GoHighLevel or taken by the API. A credit goes with it.",
      api: "Take a credit for a booking by the API: each client's page has the request Deduct ready to paste.",
      told: "A booking came in",
      go: "Look at bookings",
      go_api: "API clients",
    },
    members: {
      title: "Members",
      about: "Those who have credits already come in with their next purchase, or by a grant through the API.",
      count: (count: number) => `${many(count, "contact", "contacts")} here.`,
      go: "Look at contacts",
    },
    live: {
      title: "Go live",
      about: "Purchases and bookings are taken as they come.",
      done: "This location is live.",
      waits: {
        billing: "It waits for billing.",
        sandbox: "This is a sandbox: it never goes live. Open a live location when you are ready.",
        pending: "It waits for billing.",
        disconnected: "It is out of use.",
        purchase: "It waits for a first product config and purchase.",
      },
      go_locations: "Open a live location",
    },
  },
};

/** Where a purchase or booking was told of, as far as it has words of its own. */
export function sourceWords(told_by: string): string {
  const { from } = gettingStartedTexts.steps.test_purchase;
  const known: Record<string, string | undefined> = from;
  return known[told_by] ?? from.api;
}
