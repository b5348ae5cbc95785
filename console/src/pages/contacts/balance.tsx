import { Text } from "@mantine/core";
import type { Shape } from "../../api/location-api.ts";
import { contactTexts } from "../../texts/contact.ts";
import { entitlementTexts } from "../../texts/entitlements.ts";
import { Credits } from "../../ui/amounts.tsx";
import { EntitlementBar } from "../../ui/entitlement-bar.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { LastDay, When } from "../../ui/when.tsx";
import classes from "./balance.module.css";

type Entitlement = Shape<"Entitlement">;

/** What the member holds now, product by product, each entitlement with its bar and its end. */
export function Balance({ entitlements }: { entitlements: readonly Entitlement[] }) {
  const products = Map.groupBy(entitlements, ({ product_config_id }) => product_config_id);
  return (
    <Section title={contactTexts.balance}>
      {products.size === 0 && (
        <Text size="sm" c="dimmed">
          {contactTexts.no_credits}. {contactTexts.no_credits_about}
        </Text>
      )}
      {[...products].map(([id, lots]) => (
        <Product key={id} lots={lots} />
      ))}
    </Section>
  );
}

function Product({ lots }: { lots: readonly Entitlement[] }) {
  const [first] = lots;
  const usable = lots.filter(({ status }) => status === "active");
  const total = usable.reduce((sum, { credits_remaining }) => sum + (credits_remaining ?? 0), 0);
  return (
    <div className={classes.product}>
      <div className={classes.head}>
        <Text component="h3" size="sm" fw={600}>
          {first?.name}
        </Text>
        <Text size="sm" component="div">
          <Credits value={usable.some(({ unlimited }) => unlimited) ? null : total} strong />
        </Text>
      </div>
      <ul className={classes.lots}>
        {lots.map((lot) => (
          <Lot key={lot.id} lot={lot} />
        ))}
      </ul>
    </div>
  );
}

function Lot({ lot }: { lot: Entitlement }) {
  const { status, origin, credits_granted, credits_remaining, credits_held, unlimited } = lot;
  return (
    <li>
      <EntitlementBar entitlement={lot} />
      <div className={classes.line}>
        <span>
          {unlimited
            ? entitlementTexts.unlimited
            : entitlementTexts.left_of(formatNumber(credits_remaining ?? 0), formatNumber(credits_granted ?? 0))}
          {credits_held > 0 && ` · ${entitlementTexts.held(formatNumber(credits_held))}`}
          {origin !== "purchase" && origin !== "period" && ` · ${entitlementTexts.origins[origin]}`}
        </span>
        {status !== "active" && <StatusBadge status={status} />}
        <span className={classes.end}>
          <End lot={lot} />
        </span>
      </div>
    </li>
  );
}

function End({ lot: { status, effective_at, expires_at } }: { lot: Entitlement }) {
  if (status === "scheduled") {
    return (
      <>
        {entitlementTexts.starts} <When at={effective_at} style="day" />
      </>
    );
  }
  if (expires_at === null) return <>{entitlementTexts.never_expires}</>;
  return (
    <>
      {entitlementTexts.expires} <LastDay before={expires_at} />
    </>
  );
}
