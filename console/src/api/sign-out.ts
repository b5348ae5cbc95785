import { askAuth } from "./auth.ts";

/** Ends the session; the whole page goes, and with it everything it knew. */
export async function signOut(): Promise<void> {
  await askAuth("/sign-out", {}).catch(() => null);
  window.location.assign("/admin/sign-in");
}
