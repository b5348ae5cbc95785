/** Currencies without a smaller unit. As Stripe counts: ISK and UGX have two decimals there for old times' sake. */
const WITHOUT_DECIMALS = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
const WITH_THREE_DECIMALS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));
/** What PostgreSQL's and JSON's numbers hold exactly. */
const MAX_DIGITS = 15;

/** The decimals of a currency's smallest unit, by its ISO 4217 code in either case; two where the code is unknown. */
export function decimalsOf(currency: string | null): number {
  const code = (currency ?? "").toUpperCase();
  if (WITHOUT_DECIMALS.has(code)) return 0;
  return WITH_THREE_DECIMALS.has(code) ? 3 : 2;
}

/**
 * GoHighLevel's major units (150.1 dollars) in the smallest unit (15010 cents): decimal arithmetic on the written digits,
 * halves of a unit away from zero. Null for what is no amount or too large to be exact.
 */
export function toSmallestUnit(amount: unknown, currency: string | null): number | null {
  if (typeof amount !== "number" && typeof amount !== "string") return null;
  const written = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i.exec(String(amount).trim());
  if (!written) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = written;
  const digits = whole + fraction;
  if (digits === "") return null;
  const point = whole.length + Number(exponent) + decimalsOf(currency);
  const units = digits.slice(0, Math.max(0, point)).padEnd(Math.max(0, point), "0").replace(/^0+/, "");
  if (units.length > MAX_DIGITS) return null;
  const rounds_up = point >= 0 && (digits[point] ?? "0") >= "5";
  const size = Number(units) + (rounds_up ? 1 : 0);
  return sign === "-" && size !== 0 ? -size : size;
}

/** `amount` times a whole `quantity`, in the smallest unit; null where either is unknown. */
export function lineAmount(amount: unknown, quantity: number, currency: string | null): number | null {
  const each = toSmallestUnit(amount, currency);
  const line = each === null ? null : each * quantity;
  return line !== null && Number.isSafeInteger(line) ? line : null;
}
