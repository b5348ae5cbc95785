import { Tabs } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useParams } from "react-router";
import { useRead, type Answer, type Shape } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { useFreshContacts } from "../../api/refresh.ts";
import { paths } from "../../paths.ts";
import { contactTexts } from "../../texts/contact.ts";
import { entryTypeTexts } from "../../texts/entries.ts";
import { useFilters } from "../../ui/filter-bar.tsx";
import { Identity } from "../../ui/identity.tsx";
import { Page } from "../../ui/page.tsx";
import { ErrorState, LoadingLines } from "../../ui/states.tsx";
import { ContactActions } from "./actions/contact-actions.tsx";
import { MembershipMenu } from "./actions/membership-menu.tsx";
import { Balance } from "./balance.tsx";
import { BookingsTab } from "./bookings-tab.tsx";
import { EntitlementsTab } from "./entitlements-tab.tsx";
import { ContactFigures } from "./figures.tsx";
import { LedgerTab } from "./ledger-tab.tsx";
import { Memberships } from "./memberships.tsx";
import { PaymentsTab } from "./payments-tab.tsx";
import { TimelineTab } from "./timeline-tab.tsx";
import { useEntitlementNames } from "./use-entitlement-names.ts";
import type { Asked } from "./why/why-drawer.tsx";
import classes from "./contact-page.module.css";

const SettleDialog = lazy(async () => ({ default: (await import("./actions/settle-dialog.tsx")).SettleDialog }));
const WhyDrawer = lazy(async () => ({ default: (await import("./why/why-drawer.tsx")).WhyDrawer }));

type Loaded = Answer<"/contacts/{id}/summary">;

/** One member: what they hold, what recurs, everything that happened, and why. */
export function ContactPage() {
  const { contact_id = "" } = useParams();
  const { location_id } = useLocationHere();
  const query = useRead("/contacts/{id}/summary", { path: { id: contact_id } });
  useFreshContacts();
  const within = { title: contactTexts.contacts, to: paths.contacts(location_id) };
  if (query.data) return <Contact loaded={query.data} within={within} />;
  return (
    <Page title={contact_id} within={within}>
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <LoadingLines />}
    </Page>
  );
}

function Contact({ loaded, within }: { loaded: Loaded; within: { title: string; to: string } }) {
  const { contact, summary } = loaded;
  const { external_contact_id: contact_id, name, email } = contact;
  const may_change = useMayChange();
  const names = useEntitlementNames(contact_id);
  const memberships = useRead("/contacts/{id}/memberships", { path: { id: contact_id } });
  const { entitlements } = summary;
  return (
    <Page
      title={name ?? email ?? contact_id}
      within={within}
      about={
        <span className={classes.about}>
          {name !== null && email !== null && <span>{email}</span>}
          <Identity id={contact_id} />
        </span>
      }
      actions={may_change && <ContactActions contact_id={contact_id} entitlements={entitlements} names={names} />}
    >
      <ContactFigures summary={summary} />
      <div className={classes.columns}>
        <div className={classes.holdings}>
          <Balance entitlements={entitlements} />
          <Memberships
            memberships={memberships.data?.memberships ?? []}
            actions={(membership) =>
              may_change && <MembershipMenu contact_id={contact_id} membership={membership} names={names} />
            }
          />
        </div>
        <History contact_id={contact_id} names={names} />
      </div>
    </Page>
  );
}

const TABS = ["timeline", "ledger", "bookings", "payments", "entitlements"] as const;

function History({ contact_id, names }: { contact_id: string; names: ReadonlyMap<string, string> }) {
  const { values, set } = useFilters(["tab"]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [settling, setSettling] = useState<Shape<"Appointment"> | null>(null);
  const may_change = useMayChange();
  const tab = TABS.find((one) => one === values.tab) ?? "timeline";
  const askEntry = ({ id, type }: Shape<"LedgerEntry">) => setAsked({ title: entryTypeTexts[type], entry_id: id });
  const askBooking = ({ id }: Shape<"Appointment">) => setAsked({ title: contactTexts.booking, booking_id: id });
  return (
    <div className={classes.history}>
      <Tabs value={tab} onChange={(next) => set({ tab: next === "timeline" ? "" : (next ?? "") })} keepMounted={false}>
        <Tabs.List className={classes.tabs}>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {contactTexts.tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <TimelineTab contact_id={contact_id} onWhy={(event) => setAsked({ title: event.title, event })} />
        </Tabs.Panel>
        <Tabs.Panel value="ledger">
          <LedgerTab contact_id={contact_id} onWhy={askEntry} />
        </Tabs.Panel>
        <Tabs.Panel value="bookings">
          <BookingsTab contact_id={contact_id} onWhy={askBooking} onSettle={may_change ? setSettling : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="payments">
          <PaymentsTab contact_id={contact_id} />
        </Tabs.Panel>
        <Tabs.Panel value="entitlements">
          <EntitlementsTab contact_id={contact_id} />
        </Tabs.Panel>
      </Tabs>
      <Suspense>
        {asked && <WhyDrawer contact_id={contact_id} of={asked} onClose={() => setAsked(null)} />}
        {settling && (
          <SettleDialog contact_id={contact_id} booking={settling} names={names} onClose={() => setSettling(null)} />
        )}
      </Suspense>
    </div>
  );
}
