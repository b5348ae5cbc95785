import type { ComponentType } from "react";
import { Outlet, type RouteObject } from "react-router";
import { AppLoading } from "./frame/app-loading.tsx";
import { AppBroke, PageBroke, UnknownAddress, UnknownPage } from "./frame/page-broke.tsx";
import { LocationFrame, PersonFrame, WorkspaceFrame } from "./frame/place-frames.tsx";
import { SessionGate } from "./frame/session-gate.tsx";

/** A page whose code is fetched when it is first gone to. */
function page<Name extends string>(
  path: string,
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): RouteObject {
  return { path, lazy: async () => ({ Component: (await load())[name] }) };
}

/** Pages within a frame: what breaks in one, or is none of them, is said inside it. */
function framed(Component: ComponentType, path: string | null, pages: RouteObject[]): RouteObject {
  if (path === null) return { Component, children: [{ ErrorBoundary: PageBroke, children: pages }] };
  const children = [...pages, { path: "*", Component: UnknownPage }];
  return { path, Component, children: [{ ErrorBoundary: PageBroke, children }] };
}

const SIGNED_OUT: RouteObject[] = [
  page("/sign-in", () => import("./pages/sign-in/sign-in-page.tsx"), "SignInPage"),
  page("/sign-up", () => import("./pages/sign-in/sign-up-page.tsx"), "SignUpPage"),
  page("/second-factor", () => import("./pages/sign-in/second-factor-page.tsx"), "SecondFactorPage"),
  page("/forgotten-password", () => import("./pages/sign-in/forgotten-password-page.tsx"), "ForgottenPasswordPage"),
  page("/reset-password", () => import("./pages/sign-in/reset-password-page.tsx"), "ResetPasswordPage"),
  page("/verify-email", () => import("./pages/sign-in/verify-email-page.tsx"), "VerifyEmailPage"),
  page("/invitation", () => import("./pages/sign-in/invitation-page.tsx"), "InvitationPage"),
];

const OF_PERSON: RouteObject[] = [
  page("/account", () => import("./pages/account/account-page.tsx"), "AccountPage"),
  page("/claim", () => import("./pages/locations/claim-page.tsx"), "ClaimPage"),
];

const OF_LOCATION: RouteObject[] = [
  page("overview", () => import("./pages/overview/overview-page.tsx"), "OverviewPage"),
  page("getting-started", () => import("./pages/getting-started/getting-started-page.tsx"), "GettingStartedPage"),
  page("contacts", () => import("./pages/contacts/contacts-page.tsx"), "ContactsPage"),
  page("contacts/:contact_id", () => import("./pages/contacts/contact-page.tsx"), "ContactPage"),
  page("memberships", () => import("./pages/memberships/memberships-page.tsx"), "MembershipsPage"),
  page("bookings", () => import("./pages/bookings/bookings-page.tsx"), "BookingsPage"),
  page("payments", () => import("./pages/payments/payments-page.tsx"), "PaymentsPage"),
  page("payments/:payment_id", () => import("./pages/payments/payment-page.tsx"), "PaymentPage"),
  page("products", () => import("./pages/products/products-page.tsx"), "ProductsPage"),
  page("products/:product_id", () => import("./pages/products/product-page.tsx"), "ProductPage"),
  page("api-clients", () => import("./pages/api-clients/api-clients-page.tsx"), "ApiClientsPage"),
  page("api-clients/:client_id", () => import("./pages/api-clients/api-client-page.tsx"), "ApiClientPage"),
  page("webhook-events", () => import("./pages/webhook-events/webhook-events-page.tsx"), "WebhookEventsPage"),
  page("webhook-events/:event_id", () => import("./pages/webhook-events/webhook-event-page.tsx"), "WebhookEventPage"),
  page("settings", () => import("./pages/locations/location-settings-page.tsx"), "LocationSettingsPage"),
];

const OF_WORKSPACE: RouteObject[] = [
  page("start", () => import("./pages/getting-started/start-page.tsx"), "StartPage"),
  page("locations", () => import("./pages/locations/locations-page.tsx"), "LocationsPage"),
  page("users", () => import("./pages/users/users-page.tsx"), "UsersPage"),
  page("billing", () => import("./pages/billing/billing-page.tsx"), "BillingPage"),
  page("audit-trail", () => import("./pages/audit-trail/audit-trail-page.tsx"), "AuditTrailPage"),
  page("settings", () => import("./pages/settings/settings-page.tsx"), "SettingsPage"),
];

/** Every page, below /admin. The frame of a page is the one whose address it has. */
export const routes: RouteObject[] = [
  {
    Component: Outlet,
    ErrorBoundary: AppBroke,
    HydrateFallback: AppLoading,
    children: [
      ...SIGNED_OUT,
      {
        Component: SessionGate,
        children: [
          page("/", () => import("./pages/home/home-page.tsx"), "HomePage"),
          framed(LocationFrame, "/locations/:location_id", OF_LOCATION),
          framed(WorkspaceFrame, "/workspaces/:workspace_id", OF_WORKSPACE),
          framed(PersonFrame, null, OF_PERSON),
        ],
      },
      { path: "*", Component: UnknownAddress },
    ],
  },
];
