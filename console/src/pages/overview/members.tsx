import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { formatNumber } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import type { Overview } from "./overview-page.tsx";
import classes from "./overview.module.css";

const { members: texts } = overviewTexts;
const STATES = ["active", "frozen", "past_due", "suspended"] as const;

/** Memberships by state, and the next to renew. */
export function Members({ members }: { members: Overview["members"] }) {
  const { location_id } = useLocationHere();
  const { next_renewals, ending } = members;
  const total = STATES.reduce((sum, state) => sum + members[state], 0);
  return (
    <Section
      title={texts.title}
      actions={
        <Anchor component={Link} to={paths.memberships(location_id)} size="sm">
          {texts.all}
        </Anchor>
      }
    >
      {total === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.none}
        </Text>
      ) : (
        <>
          <StateBar members={members} total={total} />
          <ul className={classes.states}>
            {STATES.map((state) => (
              <li key={state} data-state={state}>
                <Anchor component={Link} to={`${paths.memberships(location_id)}?state=${state}`} inherit c="inherit">
                  {texts.states[state]}
                </Anchor>
                <strong>{formatNumber(members[state])}</strong>
              </li>
            ))}
            {ending > 0 && (
              <li>
                {texts.states.ending}
                <strong>{formatNumber(ending)}</strong>
              </li>
            )}
          </ul>
          <Text size="xs" fw={600} mt={4} component="h3">
            {texts.renewals}
          </Text>
          {next_renewals.length === 0 && (
            <Text size="sm" c="dimmed">
              {texts.no_renewals}
            </Text>
          )}
          <ul className={classes.lines}>
            {next_renewals.map((membership) => (
              <li key={membership.id}>
                <Renewal membership={membership} location_id={location_id} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Renewal({
  membership: { name, contact, next_boundary_at },
  location_id,
}: {
  membership: Overview["members"]["next_renewals"][number];
  location_id: string;
}) {
  return (
    <>
      <span className={classes.who}>
        <Anchor component={Link} to={paths.contact(location_id, contact.external_contact_id)} inherit>
          {contact.name ?? contact.email ?? contact.external_contact_id}
        </Anchor>
        <Text span size="xs" c="dimmed">
          {name}
        </Text>
      </span>
      <Text span size="sm" c="dimmed">
        {next_boundary_at !== null && <When at={next_boundary_at} style="day" />}
      </Text>
    </>
  );
}

function StateBar({ members, total }: { members: Overview["members"]; total: number }) {
  return (
    <div className={classes.bar} aria-hidden>
      {STATES.filter((state) => members[state] > 0).map((state) => (
        <span key={state} data-state={state} style={{ flexGrow: members[state] / total }} />
      ))}
    </div>
  );
}
