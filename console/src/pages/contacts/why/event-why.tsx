import type { Answer } from "../../../api/location-api.ts";
import { useLocationHere } from "../../../api/place.ts";
import { providerTexts } from "../../../texts/entries.ts";
import { paymentStandingTexts, whyTexts } from "../../../texts/why.ts";
import { formatMoney } from "../../../ui/format.ts";
import { Identity } from "../../../ui/identity.tsx";
import { Day, When } from "../../../ui/when.tsx";
import { Facts, type Fact } from "../../../ui/why.tsx";
import { Sentence, sentenceOf, type Actor } from "./parts.tsx";

type Events = Answer<"/contacts/{id}/history">["events"][number];
type EventOf<Kind extends Events["kind"]> = Extract<Events, { kind: Kind }>;

/** Something that happened, and who was behind it. */
export type HistoryEvent = Events & { by: Actor | null };

/** A payment as it was told, and what it became. */
export function PaymentWhy({ payment }: EventOf<"payment">) {
  const { currency: location_currency } = useLocationHere();
  const { status, provider, external_payment_id, paid_at, amount_cents, event_type, items, refunded_cents } = payment;
  const currency = payment.currency ?? location_currency;
  const facts: (Fact | null)[] = [
    amount_cents === null ? null : { label: whyTexts.payment, value: formatMoney(amount_cents, currency) },
    { label: whyTexts.happened_at, value: <When at={paid_at} /> },
    { label: whyTexts.provider, value: (providerTexts as Record<string, string>)[provider] ?? provider },
    { label: whyTexts.provider_id, value: <Identity id={external_payment_id} short /> },
    { label: whyTexts.event, value: event_type },
    refunded_cents === 0 ? null : { label: whyTexts.refunded, value: formatMoney(refunded_cents, currency) },
    ...items.map((item) => ({
      label: item.product_name ?? item.name ?? whyTexts.items,
      value: item.reason === null ? sentenceOf(item.status) : `${sentenceOf(item.status)}: ${item.reason}`,
    })),
  ];
  return (
    <>
      <Sentence>{paymentStandingTexts[status]}</Sentence>
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </>
  );
}

/** Something that happened to a membership. */
export function MembershipWhy({ membership, title, at, by }: EventOf<"membership"> & { by: Actor | null }) {
  const { reason, from_on, to_on, ends_at } = membership;
  const facts: (Fact | null)[] = [
    { label: whyTexts.membership, value: membership.name },
    from_on === null ? null : { label: whyTexts.from, value: <Day on={from_on} /> },
    to_on === null ? null : { label: whyTexts.until, value: <Day on={to_on} /> },
    ends_at === null ? null : { label: whyTexts.until, value: <When at={ends_at} /> },
    reason === null ? null : { label: whyTexts.in_words, value: reason },
    { label: whyTexts.happened_at, value: <When at={at} /> },
  ];
  return (
    <>
      <Sentence by={by}>{title}</Sentence>
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </>
  );
}

/** Something that staff decided. */
export function ActWhy({ act, title }: EventOf<"act">) {
  const { actor, reason, action, subject, at, correlation_id } = act;
  const facts: (Fact | null)[] = [
    reason === null ? null : { label: whyTexts.in_words, value: reason },
    { label: whyTexts.action, value: sentenceOf(action) },
    { label: whyTexts.subject, value: subject },
    { label: whyTexts.happened_at, value: <When at={at} /> },
    correlation_id === null ? null : { label: whyTexts.correlation, value: <Identity id={correlation_id} short /> },
  ];
  return (
    <>
      <Sentence by={actor}>{title}</Sentence>
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </>
  );
}

/** What GoHighLevel told of a sale. */
export function OpportunityWhy({ opportunity, at }: EventOf<"opportunity">) {
  const { event_type, id, status } = opportunity;
  const facts: (Fact | null)[] = [
    { label: whyTexts.event, value: event_type },
    status === null ? null : { label: whyTexts.status, value: status },
    id === null ? null : { label: whyTexts.entry, value: <Identity id={id} short /> },
    { label: whyTexts.happened_at, value: <When at={at} /> },
  ];
  return (
    <>
      <Sentence>{whyTexts.opportunity}</Sentence>
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </>
  );
}
