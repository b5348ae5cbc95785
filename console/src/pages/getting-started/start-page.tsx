import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useIsOwner, useMayChange, useWorkspaceHere } from "../../api/place.ts";
import { useSession } from "../../api/session.ts";
import { paths } from "../../paths.ts";
import { gettingStartedTexts as texts } from "../../texts/getting-started.ts";
import { locationsTexts } from "../../texts/locations.ts";
import { Page } from "../../ui/page.tsx";
import { NewLocationDialog } from "../locations/new-location-dialog.tsx";
import { Rail, RailStep } from "./rail.tsx";

const { steps } = texts;
const LATER = ["product_configs", "api_client", "test_purchase", "test_booking", "members", "live"] as const;

/** A new workspace's first page: billing, then its first location, which has the steps that follow. */
export function StartPage() {
  const { name, workspace_id, billing_status, locations } = useWorkspaceHere();
  const { stripe_billing } = useSession();
  const is_owner = useIsOwner();
  const may_change = useMayChange();
  const [is_making, setMaking] = useState(false);
  const { billing, location } = steps;
  const is_billed = billing_status === "active" || billing_status === "trialing" || billing_status === "past_due";
  const words: Record<string, string> = { ...billing.done, ...billing.open };
  return (
    <Page title={texts.title} about={texts.workspace_about(name)} is_narrow>
      <Rail>
        <RailStep
          number={1}
          title={billing.title}
          state={is_billed ? "done" : "open"}
          fact={is_billed && !stripe_billing ? billing.self_hosted : words[billing_status]}
          {...(!is_billed && { about: billing.about })}
          actions={
            !is_billed &&
            stripe_billing &&
            (is_owner ? (
              <Button component={Link} to={paths.billing(workspace_id)} variant="default">
                {billing.go}
              </Button>
            ) : (
              texts.ask_owner
            ))
          }
        />
        <RailStep
          number={2}
          title={location.title}
          state={locations.length > 0 ? "done" : "next"}
          fact={locations.map((one) => one.name).join(", ")}
          {...(locations.length === 0 && { about: location.about })}
          actions={
            may_change ? (
              <Button variant={locations.length === 0 ? "filled" : "default"} onClick={() => setMaking(true)}>
                {locationsTexts.new_location}
              </Button>
            ) : (
              texts.ask_admin
            )
          }
        />
        {LATER.map((step, i) => (
          <RailStep key={step} number={i + 3} title={steps[step].title} state="open" fact={null} />
        ))}
      </Rail>
      {is_making && <NewLocationDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}
