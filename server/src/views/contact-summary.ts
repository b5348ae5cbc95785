import { z } from "zod";
import { findAppointments } from "./contact-appointments.ts";
import { findCredits } from "./contact-credits.ts";
import { findLedgerLines } from "./contact-ledger.ts";
import { findPayments, findPaymentTotals } from "./contact-payments.ts";
import type { ContactRead } from "./contact-read.ts";
import { contactShape, summaryShape } from "./shapes.ts";

/** The latest of each kind that a summary tells. */
const MAX_RECENT = 20;

const answer = z.object({ contact: contactShape, summary: summaryShape });

export const contactSummary: ContactRead<typeof answer> = {
  name: "contact_summary",
  reason_code: "summary_loaded",
  summary: "The contact at one glance: balance, entitlements, and the latest of everything.",
  answer,
  cursor: null,
  async read(view) {
    const [credits, totals, ledger, appointments, payments] = await Promise.all([
      findCredits(view),
      findPaymentTotals(view),
      findLedgerLines(view, null, MAX_RECENT),
      findAppointments(view, null, MAX_RECENT),
      findPayments(view, null, MAX_RECENT),
    ]);
    const { credits_available, unlimited, entitlements } = credits;
    const summary = {
      credits_available,
      unlimited,
      ...totals,
      currency: view.currency,
      entitlements,
      recent_ledger: ledger.slice(0, MAX_RECENT).map(({ shown }) => shown),
      recent_appointments: appointments.map(({ shown }) => shown),
      recent_payments: payments.map(({ shown }) => shown),
    };
    return { contact: view.contact, summary };
  },
};
