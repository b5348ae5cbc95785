import {
  IconAddressBook,
  IconAdjustments,
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
  words: string;
}

export interface NavigationGroup {
  title: string;
  items: NavigationItem[];
}

/** The pages of a place, grouped by task, in the order in which the side lists them. */
export function navigationOf({ workspace, location }: Place): NavigationGroup[] {
  const of_location = location === null ? [] : locationGroups(location.location_id);
  return [...of_location, ...workspaceGroups(workspace)];
}

function item(title: string, icon: Icon, to: string, words: string): NavigationItem {
  return { title, icon, to, words };
}

function locationGroups(id: string): NavigationGroup[] {
  return [
    {
      title: groups.now,
      items: [
        item(pages.overview, IconLayoutDashboard, paths.overview(id), "home attention health"),
        item(pages.getting_started, IconListCheck, paths.gettingStarted(id), "steps setup onboarding"),
      ],
    },
    {
      title: groups.members,
      items: [
        item(pages.contacts, IconAddressBook, paths.contacts(id), "members people clients"),
        item(pages.memberships, IconRefresh, paths.memberships(id), "renewals freeze recurring"),
        item(pages.bookings, IconCalendarEvent, paths.bookings(id), "appointments unfunded"),
        item(pages.payments, IconCashBanknote, paths.payments(id), "unmatched duplicates refunds"),
      ],
    },
    {
      title: groups.set_up,
      items: [
        item(pages.products, IconPackage, paths.products(id), "packages memberships rules credits families mapping"),
        item(
          pages.location_settings,
          IconAdjustments,
          paths.locationSettings(id),
          "time zone cancellation window gohighlevel stripe sandbox clock disconnect",
        ),
      ],
    },
    {
      title: groups.developers,
      items: [
        item(pages.api_clients, IconKey, paths.apiClients(id), "tokens keys curl machine api"),
        item(pages.webhook_events, IconWebhook, paths.webhookEvents(id), "log replay dead"),
      ],
    },
  ];
}

function workspaceGroups({ workspace_id: id, role }: Place["workspace"]): NavigationGroup[] {
  const billing = item(pages.billing, IconCreditCard, paths.billing(id), "plan price invoices card");
  return [
    {
      title: groups.workspace,
      items: [
        item(pages.locations, IconBuildingStore, paths.locations(id), "sub-accounts sandbox connect gohighlevel"),
        ...(role === "owner" ? [billing] : []),
        item(pages.users, IconUsers, paths.users(id), "invitations roles people support"),
        item(pages.audit_trail, IconListSearch, paths.auditTrail(id), "who changed what history"),
        item(pages.settings, IconSettings, paths.settings(id), "workspace name"),
      ],
    },
  ];
}
