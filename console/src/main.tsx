import "@fontsource-variable/ibm-plex-sans/wght.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "./ui/base.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { queryClient } from "./api/query-client.ts";
import { routes } from "./routes.tsx";
import { pageNonce } from "./ui/page-nonce.ts";
import { cssVariables, theme } from "./ui/theme.ts";

const root = document.querySelector("#root");
if (!root) throw new Error("the page has no place for the console");

setNonce(pageNonce());
const router = createBrowserRouter(routes, { basename: "/admin" });
const schemes = localStorageColorSchemeManager({ key: "kotally-color-scheme" });

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      getStyleNonce={pageNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
