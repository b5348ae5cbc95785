import { formatNumber } from "../ui/format.ts";

/** Words of the programs that may call the machine API. */
export const apiClientsTexts = {
  title: "API clients",
  about: "Programs that may call the machine API of this location, each with a token of its own.",
  new_client: "New API client",
  columns: { name: "Name", scopes: "May", last_used: "Last used", created: "Made", status: "Status" },
  never_used: "Never",
  off: "Switched off",
  on: "On",
  none: {
    title: "No API client yet",
    about: "Give a program a token, and paste its first request into a terminal: it takes a minute.",
  },
  reference: "API reference",

  scopes: {
    grant: { title: "Grant", about: "Turn payments into credits." },
    check: { title: "Check", about: "Ask whether a booking would be covered." },
    deduct: { title: "Deduct", about: "Take credits for a booking." },
    restore: { title: "Restore", about: "Give them back." },
    summary: { title: "Read", about: "Contacts, balances, ledger, payments, bookings." },
    manage: { title: "Manage", about: "What staff do: freeze, change, settle, resolve, replay." },
  },

  form: {
    new_title: "New API client",
    edit_title: (name: string) => `Edit ${name}`,
    name: "Name",
    name_about: "What it is for: “booking automation”, “website checkout”.",
    name_needed: "Give it a name.",
    scopes: "What its token may do",
    scopes_needed: "Choose at least one.",
    create: "Create and show token",
    save: "Save",
    saved: (name: string) => `${name} is saved.`,
  },

  token: {
    title: (name: string) => `Token of ${name}`,
    once: "This is the only time that the token is shown. Kotally keeps a hash of it and cannot show it again.",
    label: "Token",
    copy: "Copy token",
    copied: "Copied",
    try_it: "Try it",
    try_about: "Paste this into a terminal. The answer and this client's request log say what became of it.",
    which: "Request",
    copy_curl: "Copy",
    no_product: "Make a product config first, so that there is something to grant.",
    done: "I have kept the token",
  },

  client: {
    edit: "Edit",
    rotate: "Rotate token",
    rotate_about: (name: string) =>
      `${name} gets a new token, shown once. The old one is refused from that moment on: whatever uses it stops until it has the new one.`,
    rotated: (name: string) => `${name} has a new token.`,
    deactivate: "Switch off",
    deactivate_about: (name: string) =>
      `The token of ${name} is refused from this moment on. It can be switched on again.`,
    deactivated: (name: string) => `${name} is switched off.`,
    reactivate: "Switch on",
    reactivate_about: (name: string) => `The token that ${name} had serves again.`,
    reactivated: (name: string) => `${name} is switched on.`,
    id: "Id",
    token: "Token",
    token_about: (start: string) => `${start}…`,
    scopes: "May",
    last_used: "Last used",
    made: "Made",
    try_about: (place: string) =>
      `Put the token that you kept in the place of ${place}, and paste this into a terminal.`,
  },

  requests: {
    title: "Recent requests",
    about: "The latest 100, as they come in.",
    show_all: (count: number) => `Show all ${formatNumber(count)}`,
    waiting: "No request yet",
    waiting_about: "The first one appears here a second after it was made.",
    columns: { at: "When", route: "Request", answer: "Answer", duration: "Took", correlation: "Correlation id" },
    ms: (duration: number) => `${formatNumber(duration)} ms`,
  },
  days: {
    title: "By day",
    about: "The last 31 days with any request, in UTC.",
    columns: { day: "Day", requests: "Requests", refused: "Refused", limited: "Over the rate limit" },
  },
  figures: {
    requests: "Requests in 31 days",
    refused: "Refused",
    refused_about: "Answered with ok: false",
    limited: "Over the rate limit",
    last_limited: "last",
    never_limited: "Never refused for it",
  },
};
