import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { Credits } from "../../ui/amounts.tsx";
import { formatMoney } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { LastDay } from "../../ui/when.tsx";
import type { Overview } from "./overview-page.tsx";
import classes from "./overview.module.css";

const { expiring: texts } = overviewTexts;

/** Whose credits are the next to expire, and what is at stake. */
export function Expiring({ expiring }: { expiring: Overview["expiring"] }) {
  const { location_id } = useLocationHere();
  const { first, credits, value_cents, valued_credits, currency } = expiring;
  const money = formatMoney(value_cents, currency);
  return (
    <Section
      title={texts.title}
      actions={
        first.length > 0 && (
          <Anchor component={Link} to={`${paths.contacts(location_id)}?filter=expiring`} size="sm">
            {texts.all}
          </Anchor>
        )
      }
    >
      {first.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.none}
        </Text>
      ) : (
        <ul className={classes.lines}>
          {first.map(
            ({ entitlement_id, external_contact_id, contact_name, product_name, credits: left, expires_at }) => (
              <li key={entitlement_id}>
                <span className={classes.who}>
                  <Anchor component={Link} to={paths.contact(location_id, external_contact_id)} inherit>
                    {contact_name ?? external_contact_id}
                  </Anchor>
                  <Text span size="xs" c="dimmed">
                    {product_name}
                  </Text>
                </span>
                <Text span size="sm" c="dimmed">
                  <LastDay before={expires_at} />
                </Text>
                <span className={classes.amount}>
                  <Credits value={left} strong />
                </span>
              </li>
            ),
          )}
        </ul>
      )}
      {value_cents > 0 && (
        <Text size="xs" c="dimmed">
          {valued_credits === credits ? texts.worth(money) : texts.worth_of(money, valued_credits)}
        </Text>
      )}
    </Section>
  );
}
