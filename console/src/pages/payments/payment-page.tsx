import { Text } from "@mantine/core";
import { useParams } from "react-router";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { paymentsTexts, paymentTexts as texts } from "../../texts/payments.ts";
import { Money } from "../../ui/amounts.tsx";
import { BookedEntries } from "../../ui/booked-entries.tsx";
import { Decisions } from "../../ui/decisions.tsx";
import { formatMoney } from "../../ui/format.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import { Facts, type Fact } from "../../ui/why.tsx";
import { DeliveryTable } from "../webhook-events/delivery-table.tsx";
import { DuplicateComparison } from "./duplicate-comparison.tsx";
import { PaymentAttention } from "./payment-attention.tsx";
import { PaymentFacts } from "./payment-facts.tsx";
import { PaymentItems } from "./payment-items.tsx";
import { PaymentStates } from "./payment-states.tsx";
import { payerOf, sourceOf, type PaymentDetail } from "./payment.ts";
import classes from "./payments.module.css";

/** One payment: what it bought, what became of it, everything that was told of it, and what can still be decided. */
export function PaymentPage() {
  const { payment_id = "" } = useParams();
  const { location_id, currency } = useLocationHere();
  const query = useRead("/payment-events/{id}", { path: { id: payment_id } });
  const payment = query.data?.payment;
  const amount = payment?.amount_cents;
  const title =
    payment === undefined
      ? paymentsTexts.title
      : typeof amount === "number"
        ? texts.from(formatMoney(amount, payment.currency ?? currency), payerOf(payment))
        : payerOf(payment);
  return (
    <Page
      title={title}
      within={{ title: paymentsTexts.title, to: paths.payments(location_id) }}
      beside={payment && <PaymentStates payment={payment} />}
    >
      <Loaded query={query}>{(data) => <Detail payment={data.payment} />}</Loaded>
    </Page>
  );
}

function Detail({ payment }: { payment: PaymentDetail }) {
  const { duplicate_of, entries, deliveries, decisions } = payment;
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <PaymentAttention payment={payment}>
          {payment.status === "probable_duplicate" && duplicate_of !== null && (
            <DuplicateComparison payment={payment} other_id={duplicate_of} />
          )}
        </PaymentAttention>
        <Section title={texts.items}>
          <PaymentItems payment={payment} />
        </Section>
        <Reversals payment={payment} />
        <Section title={texts.entries}>
          {entries.length > 0 ? (
            <BookedEntries label={texts.entries} entries={entries} />
          ) : (
            <Text size="sm" c="dimmed" children={texts.no_entries} />
          )}
        </Section>
        <Section title={texts.deliveries}>
          {deliveries.length > 0 ? (
            <DeliveryTable label={texts.deliveries} deliveries={deliveries} />
          ) : (
            <Text size="sm" c="dimmed" children={texts.no_deliveries} />
          )}
        </Section>
      </div>
      <div className={classes.main}>
        <Section title={texts.facts}>
          <PaymentFacts payment={payment} />
        </Section>
        {decisions.length > 0 && (
          <Section title={texts.decisions}>
            <Decisions of={decisions} />
          </Section>
        )}
      </div>
    </div>
  );
}

/** Money given back, and questioned. */
function Reversals({ payment: { refunds, disputes, currency: of_payment } }: { payment: PaymentDetail }) {
  const { currency } = useLocationHere();
  if (refunds.length + disputes.length === 0) return null;
  const facts: Fact[] = [
    ...refunds.map(({ status, amount_cents, refunded_at, provider, refund_id }) => ({
      key: refund_id,
      label: `${texts.refund[status]} · ${sourceOf(provider)}`,
      value: (
        <>
          <When at={refunded_at} style="short" /> · <Money cents={amount_cents} currency={of_payment ?? currency} />
        </>
      ),
    })),
    ...disputes.map(({ status, changed_at, provider }) => ({
      label: `${texts.dispute[status]} · ${sourceOf(provider)}`,
      value: <When at={changed_at} style="short" />,
    })),
  ];
  return (
    <Section title={texts.refunds}>
      <Facts facts={facts} />
    </Section>
  );
}
