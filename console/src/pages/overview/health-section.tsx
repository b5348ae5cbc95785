import { Alert, Button, Code, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { asApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { Section } from "../../ui/page.tsx";
import { toastDone, toastFailed } from "../../ui/toast.ts";
import { Ago } from "../../ui/when.tsx";
import type { Overview } from "./overview-page.tsx";
import classes from "./overview.module.css";

const { health: texts } = overviewTexts;
/** Seconds after which what waits says that something is slow. */
const SLOW_SECONDS = 120;

/** Whether everything runs: what was last heard of each source, what waits, whether the books agree. */
export function HealthSection({ health: { sources, queue, verified } }: { health: Overview["health"] }) {
  const may_change = useMayChange();
  const { verify, is_verifying } = useVerify();
  return (
    <Section title={texts.title}>
      <div className={classes.health}>
        {sources.map(({ provider, type, received_at }) => (
          <Sign key={provider} title={texts.sources[provider]} tone="good">
            {texts.last} <Ago at={received_at} /> <code>{type}</code>
          </Sign>
        ))}
        {sources.length === 0 && (
          <Sign title={texts.webhooks} tone="quiet">
            {texts.no_source}. {texts.no_source_about}
          </Sign>
        )}
        <Sign title={texts.queue} tone={queue.lag_seconds > SLOW_SECONDS ? "bad" : "good"}>
          {queue.waiting === 0 || queue.oldest_at === null ? (
            texts.queue_clear
          ) : (
            <>
              {texts.queue_waiting(queue.waiting)}, <Ago at={queue.oldest_at} />
            </>
          )}
        </Sign>
        <Sign title={texts.ledger} tone={verified === null ? "quiet" : verified.is_clean ? "good" : "bad"}>
          {verified === null ? (
            texts.never
          ) : (
            <>
              {verified.is_clean ? texts.clean : texts.dirty(verified.findings.length)}, {texts.verified}{" "}
              <Ago at={verified.at} />
            </>
          )}
          {may_change && (
            <Button variant="subtle" size="compact-xs" ml={6} loading={is_verifying} onClick={() => void verify()}>
              {texts.verify}
            </Button>
          )}
        </Sign>
      </div>
      {verified?.is_clean === false && (
        <Alert variant="light" color="red" role="alert" icon={<IconAlertTriangle size={16} />} title={texts.broken}>
          {verified.findings.slice(0, 10).map(({ invariant, subject }) => (
            <Code key={`${invariant} ${JSON.stringify(subject)}`} block>
              {invariant} {JSON.stringify(subject)}
            </Code>
          ))}
        </Alert>
      )}
    </Section>
  );
}

function Sign({ title, tone, children }: { title: string; tone: "good" | "quiet" | "bad"; children: ReactNode }) {
  return (
    <div className={classes.sign} data-tone={tone}>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </div>
  );
}

function useVerify() {
  const change = useChange("/verify");
  const verify = async () => {
    try {
      const { verified } = await change.mutateAsync({});
      if (verified.is_clean) toastDone(texts.verified_now(verified.contacts, verified.entries));
      else toastFailed(texts.broken);
    } catch (error) {
      toastFailed(asApiError(error).message);
    }
  };
  return { verify, is_verifying: change.isPending };
}
