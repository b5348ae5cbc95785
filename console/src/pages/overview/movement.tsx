import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { Change, Credits } from "../../ui/amounts.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { OutstandingChart } from "./outstanding-chart.tsx";
import type { Overview } from "./overview-page.tsx";
import classes from "./overview.module.css";

const { movement: texts } = overviewTexts;
const MAX_PRODUCTS = 6;

/** What is owed to members now, and how it came to that in thirty days: a roll-forward that adds up. */
export function Movement({ credits }: { credits: Overview["credits"] }) {
  const { movement, due, unlimited_entitlements, by_product } = credits;
  const { location_id } = useLocationHere();
  const { granted, adjusted, used, no_show, late_cancel, expired, refunded } = movement;
  const changes = { granted, adjusted, used: -used, no_show: -no_show, late_cancel: -late_cancel };
  const all = Object.entries({ ...changes, expired: -expired, refunded: -refunded });
  const notes = [
    due > 0 ? texts.due(due) : null,
    unlimited_entitlements > 0 ? texts.unlimited(unlimited_entitlements) : null,
  ].filter((note) => note !== null);
  return (
    <Section title={texts.title}>
      <OutstandingChart days={movement.days} />
      <dl className={classes.sums}>
        <div>
          <dt>{texts.rows.opening}</dt>
          <dd>
            <Credits value={movement.opening} />
          </dd>
        </div>
        {all
          .filter(([, change]) => change !== 0)
          .map(([name, change]) => (
            <div key={name}>
              <dt>{texts.rows[name as keyof typeof changes]}</dt>
              <dd>
                <Change value={change} />
              </dd>
            </div>
          ))}
        <div data-total>
          <dt>{texts.rows.closing}</dt>
          <dd>
            <Credits value={movement.closing} strong />
          </dd>
        </div>
      </dl>
      {by_product.length > 1 && (
        <ul className={classes.states} aria-label={texts.by_product}>
          {by_product.slice(0, MAX_PRODUCTS).map(({ product_config_id, name, outstanding }) => (
            <li key={product_config_id}>
              <Anchor component={Link} to={paths.product(location_id, product_config_id)} inherit c="dimmed">
                {name}
              </Anchor>
              <strong>{formatNumber(outstanding)}</strong>
            </li>
          ))}
        </ul>
      )}
      {notes.length > 0 && (
        <Text size="xs" c="dimmed">
          {notes.join(" ")}
        </Text>
      )}
    </Section>
  );
}
