import { Button, Text } from "@mantine/core";
import { asApiError } from "../../api/api-error.ts";
import { useOwnChange, useOwnRead, type OwnAnswer } from "../../api/own-api.ts";
import { sessionTexts } from "../../texts/account.ts";
import { browserName } from "../../ui/browser-name.ts";
import { formatNumber } from "../../ui/format.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { toastDone, toastFailed } from "../../ui/toast.ts";
import { When } from "../../ui/when.tsx";
import { Row, Rows } from "./rows.tsx";

type OwnSession = OwnAnswer<"/sessions">["sessions"][number];

/** Where one is signed in, each to be ended. */
export function Sessions() {
  const query = useOwnRead("/sessions", {});
  const end = useOwnChange("/sessions/{session_id}", "delete");
  const endOthers = useOwnChange("/sessions/end-others");
  const failed = (error: unknown) => toastFailed(asApiError(error).message);
  const has_others = (query.data?.sessions.length ?? 0) > 1;
  return (
    <Section
      title={sessionTexts.title}
      actions={
        has_others && (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() =>
              void endOthers
                .mutateAsync({})
                .then(({ ended }) => toastDone(sessionTexts.ended_others(formatNumber(ended))), failed)
            }
          >
            {sessionTexts.end_others}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {sessionTexts.about}
      </Text>
      <Loaded query={query}>
        {({ sessions }) => (
          <Rows>
            {sessions.map((session) => (
              <SessionRow
                key={session.session_id}
                session={session}
                onEnd={() =>
                  void end
                    .mutateAsync({ path: { session_id: session.session_id } })
                    .then(() => toastDone(sessionTexts.ended), failed)
                }
              />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

function SessionRow({ session, onEnd }: { session: OwnSession; onEnd: () => void }) {
  const { ip, user_agent, signed_in_at, used_at, is_this_one } = session;
  const browser = user_agent === null ? sessionTexts.unknown : browserName(user_agent);
  return (
    <Row
      title={ip === null ? browser : `${browser} ${sessionTexts.from(ip)}`}
      about={
        <>
          {sessionTexts.signed_in} <When at={signed_in_at} />, {sessionTexts.used} <When at={used_at} style="day" />
        </>
      }
      action={
        is_this_one ? (
          <Badge tone="good">{sessionTexts.this_one}</Badge>
        ) : (
          <Button variant="default" size="compact-sm" onClick={onEnd}>
            {sessionTexts.end}
          </Button>
        )
      }
    />
  );
}
