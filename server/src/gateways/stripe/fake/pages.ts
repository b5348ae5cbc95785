import type { ServerResponse } from "node:http";
import type { FakeAccount } from "./account.ts";
import { payCheckout } from "./customer-acts.ts";
import type { Subscription } from "./rows.ts";
import { cancelSubscription, renew, undoCancel } from "./subscriptions.ts";

export interface PageRequest {
  method: string;
  path: string;
  fields: URLSearchParams;
}

const PAGE = /^\/(c\/pay|p\/session)\/([A-Za-z0-9_]+)$/u;

/** Whether people look at it, rather than programs. */
export function isPage(path: string): boolean {
  return PAGE.test(path);
}

/** The payment page and the portal, as plain as they can be: what a person does there has its effect. */
export function answerPage(account: FakeAccount, request: PageRequest, response: ServerResponse): void {
  const [, kind, id = ""] = PAGE.exec(request.path) ?? [];
  const act = request.method === "POST" ? (request.fields.get("act") ?? "") : null;
  try {
    const next = kind === "c/pay" ? payPage(account, id, act) : portalPage(account, id, act);
    if (typeof next === "string") response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(next);
    else response.writeHead(303, { location: next.go }).end();
  } catch (error) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end((error as Error).message);
  }
}

type Next = string | { go: string };

function payPage(account: FakeAccount, id: string, act: string | null): Next {
  const session = account.get("checkout_sessions", id);
  if (act === "leave") return { go: session.cancel_url ?? "" };
  if (act === "pay") {
    payCheckout(account, id);
    return { go: (session.success_url ?? "").replace("{CHECKOUT_SESSION_ID}", id) };
  }
  if (session.status !== "open") return html("This page has expired", "");
  const text = `${session._quantity} × Kotally${session._trial_days > 0 ? `, ${session._trial_days} days free` : ""}`;
  return html("Subscribe to Kotally", `<p>${text}</p>${button("pay", "Subscribe")}${button("leave", "Back")}`);
}

function portalPage(account: FakeAccount, id: string, act: string | null): Next {
  const { customer, return_url } = account.get("portal_sessions", id);
  const live = account.all("subscriptions").find((one) => one.customer === customer && one.status !== "canceled");
  if (act === "leave") return { go: return_url ?? "" };
  if (act !== null && live) doAct(account, live, act);
  const ends = live?.cancel_at_period_end ?? false;
  const acts = [
    live?.status === "past_due" ? button("settle", "Pay the open invoice") : "",
    live && !ends ? button("cancel", "Cancel subscription") : "",
    ends ? button("keep", "Don't cancel subscription") : "",
    button("leave", "Return to Kotally"),
  ];
  return html("Manage your billing", `<p>${live ? live.status : "no subscription"}</p>${acts.join("")}`);
}

function doAct(account: FakeAccount, { id }: Subscription, act: string): void {
  if (act === "settle") renew(account, id);
  if (act === "cancel") cancelSubscription(account, id, true);
  if (act === "keep") undoCancel(account, id);
}

function button(act: string, text: string): string {
  return `<form method="post"><button name="act" value="${act}">${text}</button></form>`;
}

function html(title: string, body: string): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`;
}
