/** Words of what can be done with a contact's credits. */
export const actionTexts = {
  grant: "Grant credits",
  more: "More",
  adjust: "Adjust",
  restore: "Give back",
  extend: "Extend expiry",
};

export const adjustTexts = {
  title: "Adjust credits",
  about: "Adds credits as an entitlement of their own, or takes some in the order in which bookings would.",
  direction: "What to do",
  add: "Add",
  take: "Take",
  amount: "Credits",
  product: "Product",
  product_about: "Its rules hold for what is added: calendars, expiry, order.",
  any_product: "Any product",
  entitlement: "Entitlement",
  any_entitlement: "In burn order",
  until: "Last day",
  until_about: "Left empty: as the product says.",
  confirm_add: "Add credits",
  confirm_take: "Take credits",
  done: "Credits adjusted.",
  needed: {
    amount: "Say how many: a whole number of at least 1.",
    product: "Choose the product whose credits they are.",
  },
};

export const freezeTexts = {
  action: "Freeze",
  title: (name: string) => `Freeze ${name}`,
  about: "While it is frozen its credits cannot be used, nothing is granted, and its clocks stand still.",
  from: "First frozen day",
  from_about: "Left empty: today, or tomorrow if something was used today. At most 28 days back.",
  to: "Back on",
  to_about: "The first day that is not frozen any more. Left empty: open, until the plan's longest freeze.",
  confirm: "Freeze membership",
  done: "The membership is frozen.",
  result: (from: string, to: string, days: string) =>
    `Frozen from ${from}; back on ${to}. Expiry and period move by ${days}.`,
  days: (count: string) => (count === "1" ? "1 day" : `${count} days`),
  inside: (count: string) => `Bookings on frozen days stay as they are: ${count}.`,
};

export const unfreezeTexts = {
  action: "End the freeze",
  title: (name: string) => `End the freeze of ${name}`,
  about: "Expiry and period then move only by the days really frozen.",
  on: "Back on",
  on_about: "Left empty: today. A freeze that has not begun is cancelled.",
  confirm: "End the freeze",
  done: "The freeze is ended.",
  result: (days: string) => `Frozen for ${days} in all.`,
};

export const cancelTexts = {
  action: "Cancel",
  title: (name: string) => `Cancel ${name}`,
  mode: "When",
  at_period_end: "At the end of the period",
  at_period_end_about: "Credits live to their own expiry, and it can be undone until then.",
  now: "At once",
  now_about: "It is over today and cannot be undone. Packages are never touched.",
  keep: "Keep the credits that are left, until their own expiry",
  confirm: "Cancel membership",
  back: "Keep it",
  done: "The membership is cancelled.",
  result_ends: (day: string) => `It ends on ${day} instead of renewing.`,
  result_over: "It ends at once.",
};

export const resumeTexts = {
  action: "Undo the cancellation",
  title: (name: string) => `Let ${name} go on`,
  about: "It renews again as it did before.",
  confirm: "Let it go on",
  done: "The membership goes on.",
  result: (day: string) => `Its next period begins on ${day}.`,
};

export const planTexts = {
  action: "Change plan",
  title: (name: string) => `Change the plan of ${name}`,
  plan: "New plan",
  when: "From when",
  as_rule: "By rule: more credits at once, fewer from the next period",
  now: "Now",
  next_period: "From the next period",
  confirm: "Change plan",
  done: "The plan is changed.",
  result_now: "The new plan holds from now on; the rest of the period brings its share of the difference.",
  result_next: "The new plan holds from the next period; nothing is taken back.",
  needed: "Choose a plan.",
};

export const settleTexts = {
  title: "Settle the booking",
  about: (reason: string) => `${reason} Settling charges it to credits that the member holds now.`,
  product: "Charge to",
  any: "Whatever fits, in burn order",
  confirm: "Settle booking",
  done: "The booking is settled.",
};

export const grantTexts = {
  title: "Grant credits",
  about: "As if the member had bought it here: a payment of the console's own, and the credits of its product.",
  product: "Product",
  product_needed: "Choose what is granted.",
  paid: "Paid",
  paid_about: (currency: string) => `In ${currency}. Left empty: nobody said.`,
  paid_wrong: "Say an amount such as 99 or 99.50.",
  paid_on: "Paid on",
  paid_on_about: "From when the credits count, and expire. Left empty: now.",
  confirm: "Grant credits",
  done: (credits: string) => `${credits} credits granted.`,
  done_unlimited: "Granted.",
  result: (credits: string) => `${credits} credits are granted.`,
  result_unlimited: "An unlimited period is opened.",
};

export const restoreTexts = {
  title: "Give credits back",
  about: "To the entitlements that they were taken from, under the same cancellation window as everybody's.",
  what: "What was taken",
  booking: "For a booking",
  product: "Of a product, without a booking",
  which_booking: "Booking",
  no_bookings: "No booking of the last ones took credits.",
  which_product: "Product",
  amount: "Credits",
  needed: { booking: "Choose the booking.", product: "Choose the product.", amount: "A whole number of at least 1." },
  confirm: "Give back",
  done: "Credits given back.",
};

export const extendTexts = {
  title: "Extend expiry",
  about: "Gives entitlements more time. What has expired does not come back.",
  which: "Entitlements",
  which_about: "Left empty: all that expire earlier.",
  how: "How long",
  days: "Days longer",
  until: "Until a day",
  days_label: "Days",
  until_label: "New last day",
  needed: { days: "A whole number of at least 1.", until: "Choose the day." },
  confirm: "Extend",
  done: "The entitlements live longer.",
  nothing: "Nothing lives longer by that.",
};
