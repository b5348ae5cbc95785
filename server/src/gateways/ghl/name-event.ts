import { isRecord, readText } from "./tolerant.ts";

/** A price's own `type`, which stands where the event's should. */
const PRICE_TYPES = new Set(["one_time", "recurring"]);

/** What an event without a `type` is about, seen by its fields; the first that fits. Create or update cannot be told apart. */
const shapes: { is: (body: Record<string, unknown>) => boolean; type: (body: Record<string, unknown>) => string }[] = [
  { is: (body) => isRecord(body["appointment"]), type: () => "AppointmentUpdate" },
  { is: (body) => "invoiceItems" in body || "invoiceNumber" in body, type: nameInvoiceEvent },
  { is: (body) => "_id" in body && Array.isArray(body["items"]) && "status" in body, type: () => "OrderStatusUpdate" },
  { is: (body) => "_id" in body && "priceType" in body, type: () => "PriceUpdate" },
  { is: (body) => "_id" in body && typeof body["product"] === "string" && "amount" in body, type: () => "PriceUpdate" },
  { is: (body) => "_id" in body && "productType" in body, type: () => "ProductUpdate" },
];

/** The list of events names them otherwise than deliveries do. */
const ALIASES = new Map([
  ["AppInstall", "INSTALL"],
  ["AppUninstall", "UNINSTALL"],
]);

/** The event's name: `type`, unless that is missing or a price's. Never trusted to tell what happened (rule 27). */
export function nameEvent(body: Record<string, unknown>): string {
  const type = readText(body["type"]);
  if (type !== null && PRICE_TYPES.has(type)) return "PriceUpdate";
  if (type !== null) return ALIASES.get(type) ?? type;
  return shapes.find(({ is }) => is(body))?.type(body) ?? "unknown";
}

function nameInvoiceEvent(body: Record<string, unknown>): string {
  const names = new Map([
    ["sent", "InvoiceSent"],
    ["paid", "InvoicePaid"],
    ["partially_paid", "InvoicePartiallyPaid"],
    ["void", "InvoiceVoid"],
  ]);
  return names.get(readText(body["status"]) ?? "") ?? "InvoiceUpdate";
}
