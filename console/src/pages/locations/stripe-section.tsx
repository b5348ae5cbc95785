import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { locationsTexts, locationTexts } from "../../texts/locations.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { Ago, When } from "../../ui/when.tsx";
import { Facts } from "../../ui/why.tsx";
import type { Health } from "./location-settings-page.tsx";
import { StripeDialog } from "./stripe-dialog.tsx";

const { stripe: texts } = locationTexts;

/** How the location stands with the studio's own Stripe account. */
export function StripeSection({ health: { stripe, status } }: { health: Health }) {
  const may_change = useMayChange() && status !== "disconnected";
  const [open, setOpen] = useState<"connect" | "disconnect" | null>(null);
  const disconnect = useChange("/stripe/disconnect");
  const is_connected = stripe.status === "connected";
  return (
    <Section
      title={texts.title}
      actions={
        may_change && (
          <Group gap="xs">
            {is_connected && (
              <Button variant="default" onClick={() => setOpen("disconnect")}>
                {texts.disconnect}
              </Button>
            )}
            <Button variant="default" onClick={() => setOpen("connect")}>
              {is_connected ? texts.replace : texts.connect}
            </Button>
          </Group>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {texts.about}
      </Text>
      {is_connected && <StripeFacts stripe={stripe} />}
      {open === "connect" && <StripeDialog onClose={() => setOpen(null)} />}
      {open === "disconnect" && (
        <ConfirmDialog
          title={texts.disconnect}
          about={texts.disconnect_about}
          confirm={texts.disconnect}
          is_dangerous
          run={() => disconnect.mutateAsync({})}
          done={texts.disconnected}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  );
}

function StripeFacts({ stripe }: { stripe: Health["stripe"] }) {
  const { mode, is_live, connected_at, last_webhook_at, last_poll_at, last_event_at, trouble } = stripe;
  const heard = mode === "poll" ? last_poll_at : last_webhook_at;
  return (
    <Facts
      facts={[
        {
          label: texts.status,
          value: (
            <Badge tone={trouble === null ? "good" : "warn"}>
              {trouble ?? locationsTexts.stripe[mode ?? "webhook"]}
            </Badge>
          ),
        },
        { label: texts.account, value: is_live === false ? texts.test : texts.live },
        { label: texts.since, value: connected_at && <When at={connected_at} /> },
        {
          label: mode === "poll" ? texts.last_poll : texts.last_webhook,
          value: heard ? <Ago at={heard} /> : locationTexts.ghl.none_yet,
        },
        ...(last_event_at ? [{ label: texts.last_event, value: <When at={last_event_at} /> }] : []),
      ]}
    />
  );
}
