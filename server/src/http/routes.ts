import type { FastifyInstance } from "fastify";
import { markStudioCancelled } from "../operations/bookings/mark-studio-cancelled.ts";
import { mergeContacts } from "../operations/bookings/merge-contacts.ts";
import { settleUnfunded } from "../operations/bookings/settle-unfunded.ts";
import { waiveUnfunded } from "../operations/bookings/waive-unfunded.ts";
import { adjustCredits } from "../operations/credits/adjust-credits.ts";
import { checkEligibility } from "../operations/credits/check-eligibility.ts";
import { deductCredits } from "../operations/credits/deduct-credits.ts";
import { extendExpiry } from "../operations/credits/extend-expiry.ts";
import { grantByHand } from "../operations/credits/grant-by-hand.ts";
import { grantCredits } from "../operations/credits/grant-credits.ts";
import { restoreByHand } from "../operations/credits/restore-by-hand.ts";
import { restoreCredits } from "../operations/credits/restore-credits.ts";
import { cancelMembership } from "../operations/memberships/cancel-membership.ts";
import { changePlan } from "../operations/memberships/change-plan.ts";
import { freezeMembership } from "../operations/memberships/freeze-membership.ts";
import { resumeMembership } from "../operations/memberships/resume-membership.ts";
import { unfreezeMembership } from "../operations/memberships/unfreeze-membership.ts";
import { resolvePayment } from "../operations/payments/resolve-payment.ts";
import { contactAppointmentsPast, contactAppointmentsUpcoming } from "../views/contact-appointments.ts";
import { contactCredits } from "../views/contact-credits.ts";
import { contactEntitlements } from "../views/contact-entitlements.ts";
import { contactLedger } from "../views/contact-ledger.ts";
import { contactMemberships } from "../views/contact-memberships.ts";
import { contactPayments } from "../views/contact-payments.ts";
import { contactProfile } from "../views/contact-profile.ts";
import { contactSummary } from "../views/contact-summary.ts";
import { contactTimeline } from "../views/contact-timeline.ts";
import { BOOKING_CALLS } from "./booking-calls.ts";
import { contactReadRoute } from "./contact-reads.ts";
import { ghlConnection } from "./ghl-connection.ts";
import { GHL_PICKERS } from "./ghl-pickers.ts";
import { healthRoutes } from "./health.ts";
import { locationCallRoute } from "./location-call.ts";
import { guard, MACHINE_DOOR, operationRoute, type MachineApi } from "./machine-api.ts";
import { PAYMENT_CALLS } from "./payment-calls.ts";
import { referenceRoutes } from "./reference/reference-routes.ts";
import type { ApiRoutes } from "./reference/routes-of-api.ts";
import { WEBHOOK_LOG } from "./webhook-log.ts";

/** The whole API on one page. */
export const API_ROUTES: ApiRoutes = {
  operations: [
    { path: "/api/v2/grants", operation: grantCredits },
    { path: "/api/v2/entitlements/check-eligibility", operation: checkEligibility },
    { path: "/api/v2/entitlements/deduct", operation: deductCredits },
    { path: "/api/v2/entitlements/restore", operation: restoreCredits },
  ],
  management: [
    { path: "/api/v2/memberships/{membership_id}/freeze", operation: freezeMembership },
    { path: "/api/v2/memberships/{membership_id}/unfreeze", operation: unfreezeMembership },
    { path: "/api/v2/memberships/{membership_id}/cancel", operation: cancelMembership },
    { path: "/api/v2/memberships/{membership_id}/resume", operation: resumeMembership },
    { path: "/api/v2/memberships/{membership_id}/change-plan", operation: changePlan },
    { path: "/api/v2/contacts/{external_contact_id}/grant", operation: grantByHand },
    { path: "/api/v2/contacts/{external_contact_id}/restore", operation: restoreByHand },
    { path: "/api/v2/contacts/{external_contact_id}/adjust", operation: adjustCredits },
    { path: "/api/v2/contacts/{external_contact_id}/extend", operation: extendExpiry },
    { path: "/api/v2/payments/{payment_id}/resolve", operation: resolvePayment },
    { path: "/api/v2/bookings/{booking_id}/settle", operation: settleUnfunded },
    { path: "/api/v2/bookings/{booking_id}/waive", operation: waiveUnfunded },
    { path: "/api/v2/bookings/{booking_id}/studio-cancelled", operation: markStudioCancelled },
    { path: "/api/v2/contacts/{external_contact_id}/merge", operation: mergeContacts },
  ],
  reads: [
    { path: "/api/v2/contacts/{id}", read: contactProfile },
    { path: "/api/v2/contacts/{id}/summary", read: contactSummary },
    { path: "/api/v2/contacts/{id}/credits", read: contactCredits },
    { path: "/api/v2/contacts/{id}/entitlements", read: contactEntitlements },
    { path: "/api/v2/contacts/{id}/memberships", read: contactMemberships },
    { path: "/api/v2/contacts/{id}/ledger", read: contactLedger },
    { path: "/api/v2/contacts/{id}/payments", read: contactPayments },
    { path: "/api/v2/contacts/{id}/appointments/upcoming", read: contactAppointmentsUpcoming },
    { path: "/api/v2/contacts/{id}/appointments/past", read: contactAppointmentsPast },
    { path: "/api/v2/contacts/{id}/timeline", read: contactTimeline },
  ],
  calls: [...WEBHOOK_LOG, ...PAYMENT_CALLS, ...BOOKING_CALLS, ...GHL_PICKERS, ghlConnection],
};

/** Those, and what is served without a token. */
export function registerRoutes(app: FastifyInstance, api: MachineApi): void {
  guard(app, api);
  for (const { path, operation } of API_ROUTES.operations) operationRoute(app, MACHINE_DOOR, path, operation, api);
  for (const { path, operation } of API_ROUTES.management) operationRoute(app, MACHINE_DOOR, path, operation, api);
  for (const { path, read } of API_ROUTES.reads) contactReadRoute(app, MACHINE_DOOR, path, read, api);
  for (const route of API_ROUTES.calls) locationCallRoute(app, MACHINE_DOOR, route, api);
  healthRoutes(app, api);
  referenceRoutes(app, API_ROUTES, api.public_url);
}
