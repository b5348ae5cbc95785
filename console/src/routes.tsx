import { Outlet, type LazyRouteFunction, type RouteObject } from "react-router";
import { AppLoading } from "./frame/app-loading.tsx";
import { PageBroke, UnknownPage } from "./frame/page-broke.tsx";
import { LocationFrame, PersonFrame, WorkspaceFrame } from "./frame/place-frames.tsx";
import { SessionGate } from "./frame/session-gate.tsx";

type Page = LazyRouteFunction<RouteObject>;

/** A page whose code is fetched when it is first gone to. */
function lazily<Name extends string>(load: () => Promise<Record<Name, React.ComponentType>>, name: Name): Page {
  return async () => ({ Component: (await load())[name] });
}

/** Every page, below /admin. The frame of a page is the one whose address it has. */
export const routes: RouteObject[] = [
  {
    Component: Outlet,
    ErrorBoundary: PageBroke,
    HydrateFallback: AppLoading,
    children: [
      { path: "/sign-in", lazy: lazily(() => import("./pages/sign-in/sign-in-page.tsx"), "SignInPage") },
      { path: "/sign-up", lazy: lazily(() => import("./pages/sign-in/sign-up-page.tsx"), "SignUpPage") },
      {
        path: "/second-factor",
        lazy: lazily(() => import("./pages/sign-in/second-factor-page.tsx"), "SecondFactorPage"),
      },
      {
        path: "/forgotten-password",
        lazy: lazily(() => import("./pages/sign-in/forgotten-password-page.tsx"), "ForgottenPasswordPage"),
      },
      {
        path: "/reset-password",
        lazy: lazily(() => import("./pages/sign-in/reset-password-page.tsx"), "ResetPasswordPage"),
      },
      { path: "/verify-email", lazy: lazily(() => import("./pages/sign-in/verify-email-page.tsx"), "VerifyEmailPage") },
      { path: "/invitation", lazy: lazily(() => import("./pages/sign-in/invitation-page.tsx"), "InvitationPage") },
      {
        Component: SessionGate,
        children: [
          { path: "/", lazy: lazily(() => import("./pages/home/home-page.tsx"), "HomePage") },
          {
            Component: PersonFrame,
            children: [
              {
                ErrorBoundary: PageBroke,
                children: [
                  {
                    path: "/account",
                    lazy: lazily(() => import("./pages/account/account-page.tsx"), "AccountPage"),
                  },
                  { path: "/claim", lazy: lazily(() => import("./pages/locations/claim-page.tsx"), "ClaimPage") },
                ],
              },
            ],
          },
          {
            path: "/locations/:location_id",
            Component: LocationFrame,
            children: [
              {
                ErrorBoundary: PageBroke,
                children: [
                  {
                    path: "overview",
                    lazy: lazily(() => import("./pages/overview/overview-page.tsx"), "OverviewPage"),
                  },
                  {
                    path: "getting-started",
                    lazy: lazily(
                      () => import("./pages/getting-started/getting-started-page.tsx"),
                      "GettingStartedPage",
                    ),
                  },
                  {
                    path: "settings",
                    lazy: lazily(() => import("./pages/locations/location-settings-page.tsx"), "LocationSettingsPage"),
                  },
                  {
                    path: "api-clients",
                    lazy: lazily(() => import("./pages/api-clients/api-clients-page.tsx"), "ApiClientsPage"),
                  },
                  {
                    path: "api-clients/:client_id",
                    lazy: lazily(() => import("./pages/api-clients/api-client-page.tsx"), "ApiClientPage"),
                  },
                  {
                    path: "products",
                    lazy: lazily(() => import("./pages/products/products-page.tsx"), "ProductsPage"),
                  },
                  {
                    path: "products/:product_id",
                    lazy: lazily(() => import("./pages/products/product-page.tsx"), "ProductPage"),
                  },
                  {
                    path: "contacts",
                    lazy: lazily(() => import("./pages/contacts/contacts-page.tsx"), "ContactsPage"),
                  },
                  {
                    path: "contacts/:contact_id",
                    lazy: lazily(() => import("./pages/contacts/contact-page.tsx"), "ContactPage"),
                  },
                  {
                    path: "memberships",
                    lazy: lazily(() => import("./pages/memberships/memberships-page.tsx"), "MembershipsPage"),
                  },
                  {
                    path: "bookings",
                    lazy: lazily(() => import("./pages/bookings/bookings-page.tsx"), "BookingsPage"),
                  },
                  {
                    path: "payments",
                    lazy: lazily(() => import("./pages/payments/payments-page.tsx"), "PaymentsPage"),
                  },
                  {
                    path: "payments/:payment_id",
                    lazy: lazily(() => import("./pages/payments/payment-page.tsx"), "PaymentPage"),
                  },
                  {
                    path: "webhook-events",
                    lazy: lazily(() => import("./pages/webhook-events/webhook-events-page.tsx"), "WebhookEventsPage"),
                  },
                  {
                    path: "webhook-events/:event_id",
                    lazy: lazily(() => import("./pages/webhook-events/webhook-event-page.tsx"), "WebhookEventPage"),
                  },
                  { path: "*", Component: UnknownPage },
                ],
              },
            ],
          },
          {
            path: "/workspaces/:workspace_id",
            Component: WorkspaceFrame,
            children: [
              {
                ErrorBoundary: PageBroke,
                children: [
                  {
                    path: "start",
                    lazy: lazily(() => import("./pages/getting-started/start-page.tsx"), "StartPage"),
                  },
                  {
                    path: "locations",
                    lazy: lazily(() => import("./pages/locations/locations-page.tsx"), "LocationsPage"),
                  },
                  { path: "users", lazy: lazily(() => import("./pages/users/users-page.tsx"), "UsersPage") },
                  {
                    path: "audit-trail",
                    lazy: lazily(() => import("./pages/audit-trail/audit-trail-page.tsx"), "AuditTrailPage"),
                  },
                  {
                    path: "settings",
                    lazy: lazily(() => import("./pages/settings/settings-page.tsx"), "SettingsPage"),
                  },
                  { path: "billing", lazy: lazily(() => import("./pages/billing/billing-page.tsx"), "BillingPage") },
                  { path: "*", Component: UnknownPage },
                ],
              },
            ],
          },
        ],
      },
      { path: "*", Component: UnknownPage },
    ],
  },
];
