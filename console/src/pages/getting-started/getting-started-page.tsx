import { Button, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import { useRead, type Answer } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { gettingStartedTexts as texts } from "../../texts/getting-started.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { Rail } from "./rail.tsx";
import { STEP_ROWS } from "./step-rows.tsx";
import classes from "./rail.module.css";

export type Progress = Answer<"/getting-started">["getting_started"];
export type Step = Progress["steps"][number];

const FRESH_MS = 4000;

/** The way from nothing to a location that runs; each step ticks itself as soon as it is done. */
export function GettingStartedPage() {
  const query = useRead("/getting-started", {}, { refetch_ms: FRESH_MS });
  return (
    <Page title={texts.title} about={texts.about} is_narrow>
      <Loaded query={query}>
        {({ getting_started }) => (
          <>
            <Done progress={getting_started} />
            <Rail>
              {getting_started.steps.map((step, i) => {
                const Row = STEP_ROWS[step.step];
                return <Row key={step.step} step={step} number={i + 1} progress={getting_started} />;
              })}
            </Rail>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Done({ progress: { steps, next } }: { progress: Progress }) {
  const { location_id } = useLocationHere();
  const needed = steps.filter(({ state }) => state !== "not_needed");
  const done = needed.filter(({ state }) => state === "done").length;
  if (next !== null) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {texts.progress(done, needed.length)}
      </Text>
    );
  }
  return (
    <div className={classes.finished} role="status">
      <IconCircleCheck size={18} stroke={1.6} aria-hidden />
      <span>
        <strong>{texts.all_done}.</strong> {texts.all_done_about}
      </span>
      <Button component={Link} to={paths.overview(location_id)}>
        {texts.to_overview}
      </Button>
    </div>
  );
}
