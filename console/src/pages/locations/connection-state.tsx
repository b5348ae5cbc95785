import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { locationsTexts as texts } from "../../texts/locations.ts";
import { Badge } from "../../ui/status-badge.tsx";
import { Ago } from "../../ui/when.tsx";
import type { LocationRow } from "./locations-page.tsx";

/** How it stands with GoHighLevel, and when it was last heard of. */
export function GhlState({ ghl: { status, last_webhook_at: at, trouble } }: { ghl: LocationRow["ghl"] }) {
  if (status === "not_connected") return <Quiet>{texts.ghl.not_connected}</Quiet>;
  const tone = status === "connected" ? (trouble === null ? "good" : "warn") : "bad";
  return (
    <span>
      <Badge tone={tone}>{texts.ghl[status]}</Badge>
      <Last at={at} trouble={trouble} />
    </span>
  );
}

/** How it stands with the studio's own Stripe account. */
export function StripeState({ stripe }: { stripe: LocationRow["stripe"] }) {
  const { status, mode, is_live, trouble, last_webhook_at, last_poll_at } = stripe;
  if (status === "not_connected" || mode === null) return <Quiet>{texts.stripe.not_connected}</Quiet>;
  const words = is_live === false ? `${texts.stripe[mode]}, ${texts.stripe.test}` : texts.stripe[mode];
  return (
    <span>
      <Badge tone={trouble === null ? "good" : "warn"}>{words}</Badge>
      <Last at={mode === "poll" ? last_poll_at : last_webhook_at} trouble={trouble} is_asked={mode === "poll"} />
    </span>
  );
}

function Last({ at, trouble, is_asked = false }: { at: string | null; trouble: string | null; is_asked?: boolean }) {
  return (
    <Text span size="xs" c="dimmed" display="block">
      {trouble ??
        (at === null ? (
          texts.no_webhook
        ) : (
          <>
            {is_asked ? texts.asked : texts.last_webhook} <Ago at={at} />
          </>
        ))}
    </Text>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text span size="sm" c="dimmed">
      {children}
    </Text>
  );
}
