/** Words of the list of contacts. */
export const contactsTexts = {
  title: "Contacts",
  search: "Name, e-mail, phone or any id",
  filter: "Show only",
  columns: {
    name: "Name",
    email: "E-mail",
    phone: "Phone",
    membership: "Membership",
    next_expiry: "Next expiry",
    held: "Held",
    available: "Available",
  },
  filters: {
    has_credits: "Has credits",
    expiring: "Expiring soon",
    frozen: "Frozen",
    past_due: "Past due",
  },
  none: {
    title: "No contacts yet",
    about: "A contact appears with its first payment, booking or grant, from GoHighLevel or through the API.",
    action: "Getting started",
  },
  none_found: {
    title: "Nobody matches",
    about: "Search looks at the beginning of names, addresses and numbers, and at whole ids.",
  },
};
