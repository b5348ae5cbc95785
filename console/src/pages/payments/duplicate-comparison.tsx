import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { duplicateTexts as texts } from "../../texts/payments.ts";
import { Credits, Money } from "../../ui/amounts.tsx";
import { Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import { PaymentStates } from "./payment-states.tsx";
import { boughtOf, payerOf, sourceOf, type Payment } from "./payment.ts";
import classes from "./payments.module.css";

/** A payment beside the one that it probably repeats, line by line; what differs is marked. */
export function DuplicateComparison({ payment, other_id }: { payment: Payment; other_id: string }) {
  const query = useRead("/payment-events/{id}", { path: { id: other_id } });
  return (
    <Section title={texts.title}>
      <Loaded query={query}>{({ payment: other }) => <Comparison one={payment} other={other} />}</Loaded>
    </Section>
  );
}

interface Line {
  label: string;
  of: (payment: Payment) => ReactNode;
  /** What has to be the same; without it the two are expected to differ. */
  same?: (payment: Payment) => unknown;
}

function Comparison({ one, other }: { one: Payment; other: Payment }) {
  const { location_id, currency } = useLocationHere();
  const lines: Line[] = [
    { label: texts.rows.payer, of: payerOf, same: ({ external_contact_id }) => external_contact_id },
    {
      label: texts.rows.amount,
      of: (payment) => <Money cents={payment.amount_cents} currency={payment.currency ?? currency} />,
      same: (payment) => `${payment.amount_cents} ${payment.currency ?? currency}`,
    },
    { label: texts.rows.what, of: boughtOf },
    { label: texts.rows.paid, of: ({ paid_at }) => <When at={paid_at} style="exact" /> },
    { label: texts.rows.source, of: ({ provider }) => sourceOf(provider) },
    { label: texts.rows.id, of: ({ external_payment_id: id }) => <Identity id={id} short /> },
    { label: texts.rows.state, of: (payment) => <PaymentStates payment={payment} /> },
    {
      label: texts.rows.credits,
      of: ({ items }) => <Credits value={items.reduce((sum, { credits_granted }) => sum + credits_granted, 0)} />,
    },
  ];
  return (
    <table className={classes.compare}>
      <thead>
        <tr>
          <td />
          <th scope="col">{texts.this_one}</th>
          <th scope="col">
            <Anchor component={Link} to={paths.payment(location_id, other.id)} inherit children={texts.other} />
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ label, of, same }) => (
          <tr key={label} data-differs={(same && same(one) !== same(other)) || undefined}>
            <th scope="row">{label}</th>
            <td>{of(one)}</td>
            <td>{of(other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
