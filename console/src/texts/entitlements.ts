/** Words of what a member holds. */
export const entitlementTexts = {
  unlimited: "Unlimited",
  lot: (name: string, day: string) => `${name}, until ${day}`,
  bar: (left: string, held: string, granted: string) => `${left} left, ${held} held, of ${granted}`,
  left_of: (left: string, granted: string) => `${left} of ${granted} left`,
  held: (held: string) => `${held} held`,
  expires: "Expires",
  never_expires: "Never expires",
  starts: "Starts",
  gone_since: "Gone since",
  origins: {
    purchase: "Bought",
    period: "Period",
    rollover: "Rolled over",
    make_good: "Made good",
    adjustment: "Added by hand",
  },
};
