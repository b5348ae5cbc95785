/** What Kotally's own prices are in. */
export const CURRENCY = "USD";
