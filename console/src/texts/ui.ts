/** Words of the shared components. */
export const uiTexts = {
  loading: "Loading…",
  load_more: "Load more",
  loading_more: "Loading…",
  all_loaded: (count: string) => `${count} in all`,
  some_loaded: (count: string) => `${count} shown`,
  copy: "Copy",
  copied: "Copied",
  close: "Close",
  cancel: "Cancel",
  back: "Back",
  save: "Save",
  why: "Why?",
  why_about: (what: string) => `Why: ${what}`,
  never: "Never",
  unlimited: "Unlimited",
  through: (day: string) => `through ${day}`,
  select_all: "Select all rows",
  select_row: (name: string) => `Select ${name}`,
  clear_filters: "Clear filters",
  search: "Search",
  filter: "Filter",
  any: "Any",
  more_actions: "More actions",
  required: "Needed",
  from_day: "From",
  through_day: "Through",
};

/** Words of the dialog that shows what a change would do. */
export const changeTexts = {
  preview: "Preview",
  preview_again: "Preview again",
  reason: "Reason",
  reason_needed: "Say why: whoever reads the ledger will ask.",
  reason_about: "It stands in the ledger or the timeline, and in the audit trail.",
  effect: "What will happen",
  not_previewed: "The exact entries and balances are shown here before anything changes.",
  outdated: "You changed something: preview again to see what it comes to.",
  no_entries: "No credits move.",
  entry: "Entry",
  amount: "Amount",
  entitlement: "Entitlement",
  before: "Before",
  after: "After",
  total: "Available in all touched",
  opened: "Newly opened",
  try_same: "The answer got lost on its way. Trying again is safe: it cannot happen twice.",
};

/** What is said of forms. */
export const formTexts = {
  unsaved: "Leave without saving?",
  unsaved_about: "What you typed on this page is not saved yet.",
  leave: "Leave",
  stay: "Keep editing",
  conflict: "Somebody else changed this meanwhile",
  conflict_about:
    "Nothing was overwritten. Load what is there now, then make your change again; what you typed stays here until you do.",
  load_latest: "Load what is there now",
};
