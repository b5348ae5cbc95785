import "./embed/embed.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Gate } from "./embed/gate.tsx";
import { queryClient } from "./embed/pass.ts";

const root = document.querySelector("#root");
if (!root) throw new Error("the page has no place for the embed");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Gate />
    </QueryClientProvider>
  </StrictMode>,
);
