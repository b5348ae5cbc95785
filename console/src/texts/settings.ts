/** Words of a workspace's settings. */
export const settingsTexts = {
  title: "Settings",
  name: "Workspace name",
  name_about: "What its users, mails and invoices call it.",
  name_needed: "A workspace has a name.",
  save: "Save",
  saved: "Saved.",
  only_owners: "Only owners change these settings.",
  about: "About this workspace",
  facts: {
    key: "Key on the command line",
    id: "Workspace id",
    created: "Opened",
    billing: "Billing",
    locations: "Locations",
  },
  keeping: "How long things are kept",
  keeping_about: [
    "The ledger and the audit trail only grow: nothing in them is edited or deleted while the workspace lives.",
    "After a cancellation nothing can be changed any more. Everything stays readable for 90 days and is then deleted, with a notice 30, 7 and 1 days before.",
  ],
  open_billing: "Billing",
  open_audit: "Audit trail",
  billing: {
    none: "No plan yet",
    trialing: "Trial",
    active: "Active",
    past_due: "Past due",
    suspended: "Suspended",
    cancelled: "Cancelled",
  },
};
