import { useEffect, useState } from "react";

const BASE = "/embed";

/** What the page shows; a panel of nobody is one to find somebody in. */
export type View = { page: "dashboard" } | { page: "panel"; contact_id: string | null };

/** What the address says, and how to go elsewhere in it. */
export function useView(): { view: View; open: (view: View) => void } {
  const [view, setView] = useState(readView);
  useEffect(() => {
    const follow = () => {
      setView(readView());
    };
    window.addEventListener("popstate", follow);
    return () => {
      window.removeEventListener("popstate", follow);
    };
  }, []);
  const open = (next: View) => {
    window.history.pushState(null, "", addressOf(next));
    setView(next);
  };
  return { view, open };
}

function readView(): View {
  const { pathname, search } = window.location;
  if (pathname !== `${BASE}/panel`) return { page: "dashboard" };
  return { page: "panel", contact_id: new URLSearchParams(search).get("contact_id") };
}

/** With what the address says of the location: by it the server knows who may frame the page. */
function addressOf(view: View): string {
  const query = new URLSearchParams(window.location.search);
  query.delete("contact_id");
  if (view.page === "panel" && view.contact_id !== null) query.set("contact_id", view.contact_id);
  const said = query.toString();
  return `${BASE}/${view.page}${said === "" ? "" : `?${said}`}`;
}
