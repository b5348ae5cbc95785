import { Anchor, Text } from "@mantine/core";
import { IconAlertTriangle, IconEye, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { useIsConnectionLost } from "../api/connection.ts";
import { PlaceContext, type Place } from "../api/place.ts";
import { useWorkspaceRead } from "../api/workspace-api.ts";
import { paths } from "../paths.ts";
import { billingBanners } from "../texts/billing.ts";
import { frameTexts } from "../texts/frame.ts";
import { formatInstant } from "../ui/format.ts";
import classes from "./banners.module.css";

/** What concerns every page: a lost connection, how billing stands, that one only looks on. */
export function Banners({ place }: { place: Place | null }) {
  const is_lost = useIsConnectionLost();
  return (
    <>
      {is_lost && (
        <Banner tone="bad" icon={<IconPlugConnectedX size={16} aria-hidden />}>
          {frameTexts.connection_lost}
        </Banner>
      )}
      {place && (
        <PlaceContext value={place}>
          <BillingBanner place={place} />
        </PlaceContext>
      )}
      {place?.workspace.is_support === true && (
        <Banner tone="warn" icon={<IconEye size={16} aria-hidden />}>
          {frameTexts.support_view}
        </Banner>
      )}
    </>
  );
}

/** How often it is asked how billing stands. */
const ASKED_EVERY_MS = 60_000;
const IS_BAD = new Set(["suspended", "cancelled"]);

function BillingBanner({ place: { workspace, location } }: { place: Place }) {
  const { pathname } = useLocation();
  const { data } = useWorkspaceRead("/billing/standing", {}, { refetch_ms: ASKED_EVERY_MS });
  const banner = data?.banner;
  if (!banner) return null;
  const to = paths.billing(workspace.workspace_id);
  const at = banner.at === null ? null : formatInstant(banner.at, "day", location?.timezone);
  return (
    <Banner tone={IS_BAD.has(banner.code) ? "bad" : "warn"} icon={<IconAlertTriangle size={16} aria-hidden />}>
      {billingBanners[banner.code](at)}{" "}
      {workspace.role === "owner" && pathname !== to && (
        <Anchor component={Link} to={to} inherit underline="always">
          {billingBanners.go}
        </Anchor>
      )}
    </Banner>
  );
}

function Banner({ tone, icon, children }: { tone: "warn" | "bad"; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.banner} data-tone={tone} role="status">
      {icon}
      <Text size="sm" component="div">
        {children}
      </Text>
    </div>
  );
}
