/** How many digits a currency has behind its point. */
function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** What somebody typed, `99` or `99.50` or `99,50`, in the smallest unit of its currency; null: it is no amount. */
export function centsOf(typed: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const { whole, part = "" } = /^(?<whole>\d{1,10})(?:[.,](?<part>\d+))?$/.exec(typed.trim())?.groups ?? {};
  if (whole === undefined || part.length > digits) return null;
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, "0") || 0);
}
