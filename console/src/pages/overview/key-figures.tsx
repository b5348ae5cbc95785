import { useLocationHere } from "../../api/place.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { Figure, Figures } from "../../ui/figures.tsx";
import { formatMoney, formatNumber } from "../../ui/format.ts";
import type { Overview } from "./overview-page.tsx";

const { figures: texts } = overviewTexts;

/** The figures that an owner looks for first. */
export function KeyFigures({ overview: { credits, today, expiring, members } }: { overview: Overview }) {
  const { currency } = useLocationHere();
  const booked = today.covered + today.unfunded;
  const people = texts.expiring_hint(expiring.contacts);
  const worth = expiring.value_cents > 0 ? `${people}, ${formatMoney(expiring.value_cents, currency)}` : people;
  return (
    <Figures>
      <Figure label={texts.outstanding} hint={texts.outstanding_hint(credits.held)}>
        {formatNumber(credits.outstanding)}
      </Figure>
      <Figure label={texts.today} hint={booked === 0 ? texts.nothing_today : texts.today_hint(today.unfunded)}>
        {booked === 0 ? formatNumber(0) : texts.today_of(today.covered, booked)}
      </Figure>
      <Figure label={texts.expiring} hint={worth}>
        {formatNumber(expiring.credits)}
      </Figure>
      <Figure label={texts.active}>{formatNumber(members.active)}</Figure>
      <Figure label={texts.renewing} hint={texts.renewing_hint(members.ending)}>
        {formatNumber(members.renewing)}
      </Figure>
    </Figures>
  );
}
