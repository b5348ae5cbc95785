/** What happened, by the type of its entry. */
export const entryTypeTexts = {
  grant: "Granted",
  deduct: "Deducted",
  restore: "Restored",
  hold: "Held for a booking",
  release: "Released",
  settle: "Settled",
  expire: "Expired",
  rollover: "Rolled over",
  transfer: "Moved",
  make_good: "Made good",
  refund: "Refunded",
  shortfall: "Shortfall",
  adjust: "Adjusted",
  usage: "Used (unlimited)",
};

/** The accounts of the books. */
export const accountTexts = {
  available: "Available",
  held: "Held",
  issued: "Issued",
  used: "Used",
  no_show: "No-show",
  late_cancel: "Late cancellation",
  expired: "Expired",
  refunded: "Refunded",
  adjusted: "Adjusted",
  shortfall: "Shortfall",
};

/** Where something came from. */
export const sourceTexts = {
  api: "API",
  ghl: "GoHighLevel",
  stripe: "Stripe",
  console: "Console",
  import: "Import",
  system: "Kotally itself",
};

/** Who took a payment, where it is one of those that everybody knows. */
export const providerTexts = {
  ghl: "GoHighLevel",
  stripe: "Stripe",
  automation: "API",
  console: "Console",
};
