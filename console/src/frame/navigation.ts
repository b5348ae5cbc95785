import {
  IconAddressBook,
  IconBuildingStore,
  IconCalendarEvent,
  IconCashBanknote,
  IconCreditCard,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
  IconListSearch,
  IconPackage,
  IconRefresh,
  IconSettings,
  IconUsers,
  IconWebhook,
  type Icon,
} from "@tabler/icons-react";
import type { Place } from "../api/place.ts";
import { paths } from "../paths.ts";
import { frameTexts } from "../texts/frame.ts";

const { groups, pages } = frameTexts;

export interface NavigationItem {
  title: string;
  icon: Icon;
  to: string;
  /** Words beside the title by which the palette finds it. */
  words?: string;
}

export interface NavigationGroup {
  title: string;
  items: NavigationItem[];
}

/** The pages of a place, grouped by task, in the order in which the side lists them. */
export function navigationOf({ workspace, location }: Place): NavigationGroup[] {
  const of_location = location === null ? [] : locationGroups(location.location_id);
  return [...of_location, ...workspaceGroups(workspace, location?.location_id ?? null)].filter(
    ({ items }) => items.length > 0,
  );
}

function locationGroups(id: string): NavigationGroup[] {
  return [
    {
      title: groups.now,
      items: [
        { title: pages.overview, icon: IconLayoutDashboard, to: paths.overview(id), words: "home attention health" },
        {
          title: pages.getting_started,
          icon: IconListCheck,
          to: paths.gettingStarted(id),
          words: "steps setup begin live",
        },
      ],
    },
    {
      title: groups.members,
      items: [
        { title: pages.contacts, icon: IconAddressBook, to: paths.contacts(id), words: "members people clients" },
        { title: pages.memberships, icon: IconRefresh, to: paths.memberships(id), words: "renewals freeze recurring" },
        { title: pages.bookings, icon: IconCalendarEvent, to: paths.bookings(id), words: "appointments unfunded" },
      ],
    },
    {
      title: groups.money,
      items: [
        { title: pages.payments, icon: IconCashBanknote, to: paths.payments(id), words: "unmatched duplicates" },
        {
          title: pages.products,
          icon: IconPackage,
          to: paths.products(id),
          words: "packages memberships rules credits families mapping",
        },
      ],
    },
    {
      title: groups.developers,
      items: [
        { title: pages.api_clients, icon: IconKey, to: paths.apiClients(id), words: "tokens keys curl machine api" },
        { title: pages.webhook_events, icon: IconWebhook, to: paths.webhookEvents(id), words: "log replay dead" },
      ],
    },
  ];
}

function workspaceGroups(
  { workspace_id: id, role }: Place["workspace"],
  location_id: string | null,
): NavigationGroup[] {
  const billing = {
    title: pages.billing,
    icon: IconCreditCard,
    to: paths.billing(id),
    words: "plan price invoices card",
  };
  return [
    {
      title: groups.workspace,
      items: [
        ...(location_id === null
          ? []
          : [
              {
                title: pages.location_settings,
                icon: IconSettings,
                to: paths.locationSettings(location_id),
                words: "time zone cancellation window gohighlevel stripe sandbox clock disconnect",
              },
            ]),
        {
          title: pages.locations,
          icon: IconBuildingStore,
          to: paths.locations(id),
          words: "sub-accounts sandbox connect gohighlevel",
        },
        { title: pages.users, icon: IconUsers, to: paths.users(id), words: "invitations roles people support" },
        ...(role === "owner" ? [billing] : []),
        { title: pages.audit_trail, icon: IconListSearch, to: paths.auditTrail(id), words: "who changed what history" },
        { title: pages.settings, icon: IconSettings, to: paths.settings(id), words: "workspace name" },
      ],
    },
  ];
}
