import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { duplicateTexts, paymentsTexts, paymentTexts } from "../../texts/payments.ts";
import { Money } from "../../ui/amounts.tsx";
import { Identity } from "../../ui/identity.tsx";
import { MemberLink } from "../../ui/member-link.tsx";
import { When } from "../../ui/when.tsx";
import { Facts, type Fact } from "../../ui/why.tsx";
import { isUnknownPayer, sourceOf, type PaymentDetail } from "./payment.ts";

const { fact_names: names } = paymentTexts;

/** Who, when, where from, and every name that it is known by. */
export function PaymentFacts({ payment }: { payment: PaymentDetail }) {
  const { location_id, currency } = useLocationHere();
  const { external_contact_id, contact_name, keys, external_payment_id, subscription_id, duplicate_of } = payment;
  const facts: (Fact | null)[] = [
    {
      label: names.payer,
      value: isUnknownPayer(external_contact_id) ? (
        paymentsTexts.unknown_payer
      ) : (
        <MemberLink id={external_contact_id} name={contact_name} />
      ),
    },
    { label: names.paid, value: <When at={payment.paid_at} /> },
    { label: names.heard, value: <When at={payment.recorded_at} /> },
    { label: names.source, value: sourceOf(payment.provider) },
    { label: names.event, value: payment.event_type },
    { label: names.id, value: <Identity id={external_payment_id} short /> },
    ...keys
      .filter(({ key }) => key !== external_payment_id)
      .map(({ provider, key }, i): Fact => ({
        label: i === 0 ? names.other_ids : `${names.other_ids} (${i + 1})`,
        value: (
          <>
            {sourceOf(provider)} <Identity id={key} short />
          </>
        ),
      })),
    subscription_id === null ? null : { label: names.subscription, value: <Identity id={subscription_id} short /> },
    payment.refunded_cents === 0
      ? null
      : {
          label: names.refunded,
          value: <Money cents={payment.refunded_cents} currency={payment.currency ?? currency} />,
        },
    payment.settles_at === null ? null : { label: names.settles, value: <When at={payment.settles_at} /> },
    duplicate_of === null
      ? null
      : {
          label: names.repeats,
          value: (
            <Anchor component={Link} to={paths.payment(location_id, duplicate_of)} inherit>
              {duplicateTexts.other}
            </Anchor>
          ),
        },
  ];
  return <Facts facts={facts.filter((fact) => fact !== null)} />;
}
