import { z } from "zod";
import type { BookingVersion } from "../../rules/bookings/booking-version.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { contactShape, type GhlContact } from "./contacts.ts";
import { nameEvent } from "./name-event.ts";
import { priceShape, productShape, type GhlPrice, type GhlProduct } from "./products.ts";
import { readAppointment } from "./read-appointment.ts";
import { readInvoice, type GhlInvoice } from "./read-invoice.ts";
import { readOrder, type GhlOrder } from "./read-order.ts";
import { decimal, flag, id, isRecord, readId, readInstant, readRecord, record, text } from "./tolerant.ts";

/** What is true of every delivery. */
export interface WebhookEnvelope {
  /** The event's name: its `type`, or inferred where that is missing or means something else. */
  type: string;
  /** GoHighLevel's id of the delivery, the same when it is sent again. */
  webhook_id: string | null;
  location_external_id: string | null;
  company_id: string | null;
  /** When GoHighLevel says that it was true. */
  told_at: Instant | null;
}

export type WebhookFacts =
  | {
      kind: "install";
      app_id: string | null;
      user_id: string | null;
      company_name: string | null;
      whitelabel_domain: string | null;
    }
  | { kind: "uninstall"; app_id: string | null }
  | { kind: "booking"; booking: BookingVersion }
  /** Said to be deleted; whether it is, the API tells. `booking` is its last state as far as it can be read. */
  | { kind: "booking_deleted_hint"; external_id: string; booking: BookingVersion | null }
  | { kind: "contact"; contact: GhlContact }
  | { kind: "contact_deleted"; contact_external_id: string }
  | { kind: "order"; order: GhlOrder }
  | { kind: "invoice"; invoice: GhlInvoice }
  | { kind: "product"; product: GhlProduct; is_deleted: boolean }
  | { kind: "price"; price: GhlPrice; is_deleted: boolean }
  | { kind: "location"; name: string | null; email: string | null }
  | { kind: "opportunity"; opportunity: GhlOpportunity }
  | { kind: "ignored"; reason: string }
  | { kind: "unreadable"; reason: string };

export type GhlWebhook = WebhookEnvelope & WebhookFacts;

export interface GhlOpportunity {
  opportunity_id: string;
  contact_external_id: string | null;
  name: string | null;
  status: string | null;
  pipeline_stage_id: string | null;
  /** In major units, as GoHighLevel writes it; it names no currency. */
  monetary_value: string | number | null;
}

/**
 * What a verified delivery says. Pure, and never throws, whatever JSON it is given: what cannot be read says why.
 * `seen_at` is when it reached us, the last resort for a time that the delivery does not state.
 */
export function readWebhook(delivered: unknown, seen_at: Instant): GhlWebhook {
  if (!isRecord(delivered)) return { ...noEnvelope, kind: "unreadable", reason: "the body is not a JSON object" };
  const body = flattened(delivered);
  const type = nameEvent(body);
  const envelope = readEnvelope(body, type);
  return { ...envelope, ...readFacts(body, envelope, seen_at) };
}

const noEnvelope: WebhookEnvelope = {
  type: "unknown",
  webhook_id: null,
  location_external_id: null,
  company_id: null,
  told_at: null,
};

/** One guide shows what is told inside `data`; all else, and what was seen, is flat. */
function flattened(body: Record<string, unknown>): Record<string, unknown> {
  const has_own_id = "_id" in body || "id" in body;
  return isRecord(body["data"]) && !has_own_id ? { ...body, ...body["data"] } : body;
}

function readEnvelope(body: Record<string, unknown>, type: string): WebhookEnvelope {
  const appointment = readRecord(body["appointment"]);
  const alternative = body["altType"] === "location" ? body["altId"] : undefined;
  const own_id = type.startsWith("Location") ? body["id"] : undefined;
  const places = [body["locationId"], alternative, appointment["locationId"], own_id];
  const times = [
    body["timestamp"],
    appointment["dateUpdated"],
    body["updatedAt"],
    body["dateUpdated"],
    appointment["dateAdded"],
  ];
  return {
    type,
    webhook_id: readId(body["webhookId"]),
    location_external_id: firstOf(places, readId),
    company_id: readId(body["companyId"]),
    told_at: firstOf(times, readInstant),
  };
}

function firstOf<T>(values: unknown[], read: (value: unknown) => T | null): T | null {
  for (const value of values) {
    const found = read(value);
    if (found !== null) return found;
  }
  return null;
}

function readFacts(body: Record<string, unknown>, { type, told_at }: WebhookEnvelope, seen_at: Instant): WebhookFacts {
  const fallback = told_at ?? seen_at;
  if (type === "INSTALL") return readInstall(body);
  if (type === "UNINSTALL") return { kind: "uninstall", app_id: readId(body["appId"]) };
  if (type.startsWith("Appointment")) return readBooking(body, type, told_at, seen_at);
  if (type.startsWith("Order")) {
    const order = readOrder(body, fallback);
    return "unreadable" in order ? unreadable(order.unreadable) : { kind: "order", order };
  }
  if (type.startsWith("Invoice")) {
    const invoice = readInvoice(body, fallback);
    return "unreadable" in invoice ? unreadable(invoice.unreadable) : { kind: "invoice", invoice };
  }
  return readOther(body, type);
}

function readOther(body: Record<string, unknown>, type: string): WebhookFacts {
  const is_deleted = type.endsWith("Delete");
  if (type.startsWith("Contact")) {
    const contact = contactShape.parse(body);
    if (!contact) return unreadable("contact.id: missing");
    return is_deleted
      ? { kind: "contact_deleted", contact_external_id: contact.contact_id }
      : { kind: "contact", contact };
  }
  if (type.startsWith("Product")) {
    const product = productShape.parse(body);
    return product ? { kind: "product", product, is_deleted } : unreadable("product._id: missing");
  }
  if (type.startsWith("Price")) {
    const price = priceShape.parse(body);
    return price ? { kind: "price", price, is_deleted } : unreadable("price._id: missing");
  }
  if (type === "LocationCreate" || type === "LocationUpdate") {
    return { kind: "location", name: text.parse(body["name"]), email: text.parse(body["email"]) };
  }
  if (type.startsWith("Opportunity")) return readOpportunity(body);
  return { kind: "ignored", reason: `${type} changes nothing here` };
}

function unreadable(reason: string): WebhookFacts {
  return { kind: "unreadable", reason };
}

function readBooking(
  body: Record<string, unknown>,
  type: string,
  told_at: Instant | null,
  seen_at: Instant,
): WebhookFacts {
  const timestamp = readInstant(body["timestamp"]) ?? told_at;
  const read = readAppointment(body["appointment"], { told_at: timestamp, seen_at });
  if (type === "AppointmentDelete") {
    const appointment = readRecord(body["appointment"]);
    const external_id = readId(appointment["id"]) ?? readId(appointment["_id"]);
    if (!external_id) return unreadable("appointment.id: missing");
    return { kind: "booking_deleted_hint", external_id, booking: "booking" in read ? read.booking : null };
  }
  if ("booking" in read) return { kind: "booking", booking: read.booking };
  return "no_member" in read ? { kind: "ignored", reason: read.no_member } : unreadable(read.unreadable);
}

const installShape = z.object({
  appId: id,
  userId: id,
  companyName: text,
  isWhitelabelCompany: flag,
  whitelabelDetails: record,
});

function readInstall(body: Record<string, unknown>): WebhookFacts {
  const told = installShape.parse(body);
  if (readId(body["companyId"]) === null && readId(body["locationId"]) === null) {
    return unreadable("neither companyId nor locationId");
  }
  return {
    kind: "install",
    app_id: told.appId,
    user_id: told.userId,
    company_name: told.companyName,
    whitelabel_domain: told.isWhitelabelCompany === false ? null : text.parse(told.whitelabelDetails["domain"]),
  };
}

const opportunityShape = z.object({
  id,
  contactId: id,
  name: text,
  status: text,
  pipelineStageId: id,
  monetaryValue: decimal,
});

function readOpportunity(body: Record<string, unknown>): WebhookFacts {
  const told = opportunityShape.parse(body);
  if (!told.id) return unreadable("opportunity.id: missing");
  return {
    kind: "opportunity",
    opportunity: {
      opportunity_id: told.id,
      contact_external_id: told.contactId,
      name: told.name,
      status: told.status,
      pipeline_stage_id: told.pipelineStageId,
      monetary_value: told.monetaryValue,
    },
  };
}
