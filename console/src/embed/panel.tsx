import { useEffect, useRef, type ReactNode } from "react";
import { embedTexts } from "../texts/embed.ts";
import { Answered } from "./answered.tsx";
import { Refused } from "./ask.ts";
import { BookingLine } from "./booking-line.tsx";
import { EntryLine } from "./entry-line.tsx";
import { MemberSearch } from "./member-search.tsx";
import { MembershipLine } from "./membership-line.tsx";
import { OpenKotally } from "./open-kotally.tsx";
import { PaymentLine } from "./payment-line.tsx";
import { usePlace } from "./place.ts";
import { ProductBalance } from "./product-balance.tsx";
import { usePanel } from "./questions.ts";
import type { Panel as Shown } from "./shapes.ts";
import classes from "./embed.module.css";

const texts = embedTexts.panel;

interface Props {
  /** Null: nobody is chosen yet. */
  contact_id: string | null;
  choose: (contact_id: string) => void;
  leave: () => void;
}

/** One member, for somebody with ten seconds. */
export function Panel({ contact_id, choose, leave }: Props) {
  if (contact_id === null) return <MemberSearch open={choose} />;
  return <OfContact contact_id={contact_id} leave={leave} />;
}

function OfContact({ contact_id, leave }: { contact_id: string; leave: () => void }) {
  const query = usePanel(contact_id);
  const is_unknown = query.error instanceof Refused && query.error.reason_code === "NOT_FOUND";
  return (
    <>
      <button type="button" className={classes.back} onClick={leave}>
        <span aria-hidden>←</span> {texts.back}
      </button>
      {query.data === undefined && !is_unknown && <h1 className={classes.unseen}>{texts.member}</h1>}
      {is_unknown ? (
        <Unknown />
      ) : (
        <Answered query={query} lines={8}>
          {(shown) => <Whole shown={shown} />}
        </Answered>
      )}
    </>
  );
}

function Unknown() {
  return (
    <div className={classes.part}>
      <Title>{texts.unknown.title}</Title>
      <p className={classes.soft}>{texts.unknown.about}</p>
    </div>
  );
}

function Whole({ shown }: { shown: Shown }) {
  const { contact, products, memberships, bookings, payments, entries } = shown;
  const { location_id } = usePlace().location;
  const { external_contact_id: contact_id, name, email } = contact;
  return (
    <article>
      <div className={classes.member}>
        <Title>{name ?? email ?? contact_id}</Title>
        {email !== null && name !== null && <span className={classes.soft}>{email}</span>}
        <OpenKotally at={{ location_id, contact_id }} />
      </div>
      <div className={classes.columns}>
        <div>
          <Part title={texts.balance} none={texts.no_products} of={products}>
            {(one) => <ProductBalance key={one.product_config_id} product={one} />}
          </Part>
          {memberships.length > 0 && (
            <Part title={texts.memberships} none="" of={memberships}>
              {(one) => <MembershipLine key={one.id} membership={one} />}
            </Part>
          )}
          <Part title={texts.next} none={texts.no_next} of={bookings.next}>
            {(one) => <BookingLine key={one.id} booking={one} />}
          </Part>
        </div>
        <div>
          <Part title={texts.last} none={texts.no_last} of={bookings.last}>
            {(one) => <BookingLine key={one.id} booking={one} />}
          </Part>
          <Part title={texts.payments} none={texts.no_payments} of={payments}>
            {(one) => <PaymentLine key={one.id} payment={one} />}
          </Part>
          <Part title={texts.ledger} none={texts.no_entries} of={entries}>
            {(one) => <EntryLine key={one.id} entry={one} />}
          </Part>
        </div>
      </div>
    </article>
  );
}

/** The member's name is where a reader lands who came by keyboard or by ear. */
function Title({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  return (
    <h1 ref={heading} className={classes.title} tabIndex={-1}>
      {children}
    </h1>
  );
}

interface PartProps<T> {
  title: string;
  /** What is said where there is nothing. */
  none: string;
  of: readonly T[];
  children: (item: T) => ReactNode;
}

function Part<T>({ title, none, of, children }: PartProps<T>) {
  return (
    <section className={classes.part}>
      <h2 className={classes.heading}>{title}</h2>
      {of.length === 0 ? (
        <p className={classes.empty}>{none}</p>
      ) : (
        <ul className={classes.lines}>{of.map(children)}</ul>
      )}
    </section>
  );
}
