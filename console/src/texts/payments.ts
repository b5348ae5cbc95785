const many = (count: number, one: string, more: string) => (count === 1 ? `1 ${one}` : `${count} ${more}`);

/** Words of the payments of a location. */
export const paymentsTexts = {
  title: "Payments",
  search: "Payer, or any id of a payment",
  filter: "Needs a person",
  state: "Any state",
  days: "Paid",
  states: {
    probable_duplicate: "Probably twice",
    unmatched: "Unmatched",
    held: "Held back",
    shortfall: "Refund shortfall",
    refund_unreckoned: "Refund not reckoned",
    charged_while_frozen: "Charged while frozen",
    flagged: "Flagged",
    disputed: "Disputed",
    refunded: "Refunded",
    settling: "Waiting for GoHighLevel",
    pending: "Not paid yet",
    failed: "Failed",
    ignored: "Ignored",
    granted: "Granted",
    no_credits: "No credits",
  },
  columns: { payer: "Payer", paid: "Paid", what: "Bought", source: "From", amount: "Amount", state: "Stands" },
  flags: {
    shortfall: "A refund took more than was left: the difference was spent already.",
    late: "It was told late: check what else happened meanwhile.",
    refund_unreckoned: "A refund of it could not be reckoned, because nobody said what was paid.",
    charged_while_frozen: "It paid for a period while the membership stood still.",
    once_per_contact: "An offer for one purchase per person was bought again.",
    returned_expired: "A refund failed; what it gave back had expired meanwhile.",
    told_twice: "Two payments turned out to be one that was told of twice, and both had granted.",
  },
  compare: "Compare…",
  nameless: "Unnamed item",
  unknown_payer: "Payer unknown",
  none: {
    title: "No payments yet",
    about: "A payment appears when GoHighLevel, Stripe or an API client tells of it.",
    action: "API clients",
  },
  none_found: { title: "No payment matches", about: "Look at other states or days, or clear the filters." },
};

/** Words of one payment. */
export const paymentTexts = {
  from: (amount: string, name: string) => `${amount} from ${name}`,
  items: "Items",
  item_columns: { name: "Item", product: "Product config", amount: "Amount", credits: "Credits", state: "Stands" },
  item_states: {
    granted: "Granted",
    unmatched: "Unmatched",
    no_credits: "No credits",
    held: "Held back",
    waiting: "Waiting",
    dismissed: "Ignored",
  },
  item_reasons: {
    NO_PRODUCT_CONFIG: "No product config is sold under this name.",
    SEVERAL_PRODUCT_CONFIGS: "Several product configs are sold under this name.",
    QUANTITY_OUT_OF_RANGE: "Nobody buys that many: say what it is.",
    UNKNOWN_CONTACT: "Nobody said whose payment it is.",
    PERIOD_ALREADY_GRANTED: "This period was granted before; a period is granted once.",
    ONCE_PER_CONTACT: "An offer for one purchase per person was bought again.",
  },
  taken: (count: string) => `${count} taken back`,
  short: (count: string) => `${count} short`,
  quantity: (count: string) => `× ${count}`,
  facts: "About this payment",
  fact_names: {
    payer: "Payer",
    paid: "Paid",
    heard: "Recorded",
    source: "From",
    id: "Payment id",
    other_ids: "Also known as",
    subscription: "Subscription",
    refunded: "Refunded",
    settles: "Waits until",
    repeats: "Probably repeats",
    event: "Told as",
  },
  refunds: "Refunds and disputes",
  refund: { succeeded: "Refunded", pending: "Refund pending", failed: "Refund failed" },
  dispute: { open: "Dispute open", won: "Dispute won", lost: "Dispute lost" },
  entries: "Ledger entries",
  no_entries: "It moved no credits.",
  deliveries: "Deliveries",
  no_deliveries: "No webhook told of it: it came through the API, or by polling.",
  decisions: "What staff decided",
  attention: {
    unmatched: (count: number) =>
      count === 1
        ? "One item of it is no product config that is known here, so it granted nothing yet."
        : `${count} items of it are no product configs that are known here, so they granted nothing yet.`,
    held: "What it bought waits for somebody to decide.",
    probable_duplicate:
      "The same contact paid the same for the same within ten minutes, through another provider. It is held back until somebody says whether that was one purchase or two.",
    unknown_payer: "Nobody said whose payment it is. Name the contact, and it is granted to them.",
  },
};

/** Words of what staff decide of a payment. */
export const resolveTexts = {
  map: {
    action: "Map…",
    title: "Say what was bought",
    about: "The payment is granted with its original date, as if it had been known.",
    which: "Product config",
    which_needed: "Choose what it is.",
    confirm: "Map and grant",
    done: "The payment is granted.",
    scope: "Whose payments",
    this_one: "Only this payment",
    all: (name: string) => `Every payment that waits for “${name}”`,
    all_about:
      "Each payment that waits for this product is granted with its own original date. Purchases to come are found by what the product config is sold as.",
    all_confirm: (count: number) => `Grant ${many(count, "payment", "payments")}`,
    products: "Product configs",
  },
  grant: {
    action: "Grant anyway…",
    title: "Grant it anyway",
    about: "It is granted with its original date.",
    confirm: "Grant",
    done: "The payment is granted.",
  },
  dismiss: {
    action: "Ignore…",
    title: "Ignore what waits",
    about: "It grants nothing. The payment stays listed as ignored, with your reason.",
    confirm: "Ignore",
    done: "The payment is ignored.",
  },
  no_credits: {
    action: "Never grants credits…",
    title: "This product never grants credits",
    about: "What waits grants nothing, and purchases of these products to come do not wait any more.",
    confirm: "Mark as no credits",
    done: "The product grants no credits.",
  },
  assign_contact: {
    action: "Name the contact…",
    title: "Whose payment is it?",
    about: "The payment is granted to this contact with its original date.",
    contact: "Contact",
    contact_needed: "Choose the contact.",
    find: "Name, e-mail, phone or id",
    confirm: "Assign",
    done: "The payment has its contact.",
  },
  acknowledge: {
    action: "Seen…",
    title: "Mark as seen",
    about: "The flags stay with the payment, and wait for nobody any more.",
    confirm: "Mark as seen",
    done: "Marked as seen.",
  },
  take_back: {
    action: "Money was given back…",
    title: "The money was given back by hand",
    about:
      "Its credits go as with a full refund. If the provider tells of the same refund later, nothing is taken twice.",
    confirm: "Take credits back",
    done: "The credits were taken back.",
  },
};

/** Words of two payments side by side. */
export const duplicateTexts = {
  title: "One purchase, or two?",
  this_one: "This payment",
  other: "The one before",
  rows: {
    amount: "Amount",
    paid: "Paid",
    source: "From",
    what: "Bought",
    id: "Payment id",
    payer: "Payer",
    state: "Stands",
    credits: "Credits granted",
  },
  same: "One purchase: ignore this one…",
  two: "Two purchases: grant this too…",
};
