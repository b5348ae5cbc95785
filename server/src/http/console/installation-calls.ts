import { z } from "zod";
import { GhlError } from "../../gateways/ghl/ghl-error.ts";
import { TokenError } from "../../operations/connections/ghl-tokens.ts";
import { newConnectToken, readClaimToken } from "../../operations/connections/oauth-state.ts";
import {
  claimUnclaimed,
  findUnclaimed,
  listPendingInstallations,
  type ToldInstallation,
} from "../../operations/connections/pending-installations.ts";
import { locationPublicId } from "../../platform/ids.ts";
import { reasonOf } from "../../platform/redact.ts";
import { instant } from "../../platform/sql.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const installationShape = z.object({
  id: z.guid(),
  company_id: z.string(),
  company_name: z.string().nullable(),
  ghl_location_id: z.string().nullable().describe("Null: a whole agency."),
  status: z.enum(["unclaimed", "connected", "needs_reinstall", "disconnected"]),
  installed_at: z.iso.datetime(),
});

function shown({ installed_at, ...installation }: ToldInstallation): z.output<typeof installationShape> {
  return { ...installation, installed_at: instant(installed_at) };
}

const link = consoleCall({
  realm: "workspace",
  method: "post",
  path: "/ghl/connect-link",
  name: "ghl_connect_link",
  title: "Begin to connect GoHighLevel",
  about: "The address where this browser installs the app for the workspace; it is good for ten minutes.",
  role: "admin",
  asks: true,
  input: z.object({}),
  refusals: ["GHL_OFF"],
  answer: z.object({ url: z.url() }),
  run: async ({ connecting, clock, public_url }, { workspace_id }) => {
    const { secrets, installations, ghl_install_url } = connecting;
    if (!installations || ghl_install_url === null) return { refused: "GHL_OFF" };
    const token = newConnectToken(secrets, clock, workspace_id, true);
    return { url: `${public_url}/connect/ghl?start=${encodeURIComponent(token)}` };
  },
});

const pending = consoleCall({
  realm: "workspace",
  method: "get",
  path: "/installations",
  name: "pending_installations",
  title: "List installations that are no location yet",
  about: "What was installed for this workspace and waits until GoHighLevel says what it is.",
  role: "viewer",
  input: z.object({}),
  answer: z.object({ installations: z.array(installationShape) }),
  run: async ({ db }, { workspace_id }) => ({
    installations: (await listPendingInstallations(db, workspace_id)).map(shown),
  }),
});

const token = z.string().min(1).max(500).describe("What the page after the installation gave this browser.");

const look = consoleCall({
  realm: "person",
  method: "post",
  path: "/installations/unclaimed",
  name: "unclaimed_installation",
  title: "Look at an installation that is to be claimed",
  about: "What was installed by this browser from GoHighLevel's marketplace.",
  role: "viewer",
  asks: true,
  input: z.object({ token }),
  refusals: ["NOT_CLAIMABLE"],
  answer: z.object({ installation: installationShape }),
  run: async ({ db, clock, connecting }, _, input) => {
    const id = readClaimToken(connecting.secrets, clock, input.token);
    const installation = id === null ? null : await findUnclaimed(db, id);
    return installation ? { installation: shown(installation) } : { refused: "NOT_CLAIMABLE" };
  },
});

const claim = consoleCall({
  realm: "workspace",
  method: "post",
  path: "/installations/claim",
  name: "claim_installation",
  title: "Claim an installation",
  about: "It becomes a location of this workspace, named and zoned as GoHighLevel has it.",
  role: "admin",
  audits_itself: true,
  input: z.object({ token }),
  refusals: ["NOT_CLAIMABLE", "GHL_OFF", "GHL_UNAVAILABLE"],
  answer: z.object({ location_id: z.string().nullable().describe("Null: an agency, which is no location.") }),
  run: async ({ db, clock, connecting }, { workspace_id, person }, input) => {
    const { secrets, installations } = connecting;
    if (!installations) return { refused: "GHL_OFF" };
    const id = readClaimToken(secrets, clock, input.token);
    const unclaimed = id === null ? null : await findUnclaimed(db, id);
    if (!unclaimed) return { refused: "NOT_CLAIMABLE" };
    const by = { workspace_id, person };
    try {
      const claimed = await claimUnclaimed(db, clock, installations, unclaimed, by);
      if (!claimed) return { refused: "NOT_CLAIMABLE" };
      return { location_id: claimed.location_id && locationPublicId(claimed.location_id) };
    } catch (error) {
      if (!(error instanceof GhlError || error instanceof TokenError)) throw error;
      return { refused: "GHL_UNAVAILABLE", why: reasonOf(error) };
    }
  },
});

/** How a workspace comes by locations of GoHighLevel. */
export const INSTALLATION_CALLS: readonly ConsoleCall[] = [link, pending, look, claim];
