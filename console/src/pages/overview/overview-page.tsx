import { useRead, type Answer } from "../../api/location-api.ts";
import { overviewTexts as texts } from "../../texts/overview.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { LoadingLines } from "../../ui/states.tsx";
import { When } from "../../ui/when.tsx";
import { Attention } from "./attention.tsx";
import { Expiring } from "./expiring.tsx";
import { HealthSection } from "./health-section.tsx";
import { KeyFigures } from "./key-figures.tsx";
import { Members } from "./members.tsx";
import { Movement } from "./movement.tsx";
import { Today } from "./today.tsx";
import classes from "./overview.module.css";

export type Overview = Answer<"/overview">["overview"];

const FRESH_MS = 15_000;

/** A location at one glance: what waits for a person, today, the credits and why, the members, whether everything runs. */
export function OverviewPage() {
  const query = useRead("/overview", {}, { refetch_ms: FRESH_MS });
  return (
    <Page
      title={texts.title}
      about={
        query.data && (
          <>
            {texts.as_of} <When at={query.data.overview.as_of} />
          </>
        )
      }
    >
      <Loaded query={query} loading={<LoadingLines lines={12} height={22} />}>
        {({ overview }) => (
          <div className={classes.overview}>
            <Attention attention={overview.attention} />
            <KeyFigures overview={overview} />
            <div className={classes.columns}>
              <Today today={overview.today} />
              <Movement credits={overview.credits} />
            </div>
            <div className={classes.columns}>
              <Expiring expiring={overview.expiring} />
              <Members members={overview.members} />
            </div>
            <HealthSection health={overview.health} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
