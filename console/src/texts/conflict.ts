import { formatList } from "../ui/format.ts";

/** What is said of two people who edit one thing. */
export const conflictTexts = {
  changed: (who: string, fields: readonly string[]) => `${who} changed ${formatList(fields)},`,
  field: "Field",
  theirs: "There now",
  mine: "Typed here",
  nothing: "nothing",
  yes: "yes",
  no: "no",
  fields: {
    name: "the name",
    credits_total: "the credits",
    monthly_credits: "the credits a month",
    expiry_days: "the expiry",
    timezone: "the time zone",
    currency: "the currency",
    active: "whether it is in use",
    scopes: "what it may do",
  },
};
