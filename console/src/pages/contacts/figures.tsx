import type { ReactNode } from "react";
import type { Shape } from "../../api/location-api.ts";
import { contactTexts } from "../../texts/contact.ts";
import { Credits, Money } from "../../ui/amounts.tsx";
import { Figure, Figures } from "../../ui/figures.tsx";
import { When } from "../../ui/when.tsx";

/** What a member comes to, in four figures. */
export function ContactFigures({ summary }: { summary: Shape<"Summary"> }): ReactNode {
  const { credits_available, unlimited, entitlements, lifetime_value_cents, currency, last_paid_at } = summary;
  const held = entitlements.reduce((sum, { credits_held }) => sum + credits_held, 0);
  return (
    <Figures>
      <Figure label={contactTexts.available}>
        <Credits value={unlimited ? null : credits_available} />
      </Figure>
      <Figure label={contactTexts.held}>
        <Credits value={held} />
      </Figure>
      <Figure label={contactTexts.lifetime} hint={contactTexts.payments(summary.payment_events_count)}>
        <Money cents={lifetime_value_cents} currency={currency} />
      </Figure>
      <Figure label={contactTexts.last_paid}>
        {last_paid_at === null ? contactTexts.never_paid : <When at={last_paid_at} style="day" />}
      </Figure>
    </Figures>
  );
}
