import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GhlError } from "../gateways/ghl/ghl-error.ts";
import { authorizeUrl, exchangeCode, installedLocations, type GhlApp, type GhlTokens } from "../gateways/ghl/oauth.ts";
import { ClaimError } from "../operations/connections/claim-installation.ts";
import {
  assignInstallations,
  finishInstallation,
  finishInstallations,
  type InstallationPorts,
} from "../operations/connections/finish-installation.ts";
import {
  newClaimToken,
  newState,
  readConnectToken,
  redeemState,
  STATE_LIVES_MS,
  type Installing,
} from "../operations/connections/oauth-state.ts";
import { recordInstallation } from "../operations/connections/record-installation.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { reasonOf } from "../platform/redact.ts";
import type { Secrets } from "../platform/secrets.ts";
import { sendPage } from "./plain-page.ts";

export interface ConnectDoor {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  public_url: string;
  app: GhlApp;
  /** The app's install link; null: an installation starts in GoHighLevel's marketplace only. */
  install_url: string | null;
  installations: InstallationPorts;
  /** Whether whoever sits before this browser may install for a workspace; null: nobody signs in here. */
  mayInstall: ((request: FastifyRequest, workspace_id: string) => Promise<boolean>) | null;
}

const CALLBACK = "/oauth/ghl/callback";
const COOKIE = "kotally_ghl_install";
const MAX_CODE = 2000;
/** Where the console asks which workspace an installation is for; the claim stands behind the #, so no log has it. */
const CLAIM_PAGE = "/admin/claim";

/** Installing the app: a link leads to GoHighLevel, and GoHighLevel leads back with a code. */
export function connectRoutes(app: FastifyInstance, door: ConnectDoor): void {
  app.get("/connect/ghl", async (request, reply) => start(door, request, reply));
  app.get(CALLBACK, async (request, reply) => finish(door, request, reply));
}

async function start(door: ConnectDoor, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { secrets, clock, install_url, public_url } = door;
  const { start: token } = request.query as { start?: unknown };
  const installing = typeof token === "string" ? readConnectToken(secrets, clock, token) : null;
  const is_allowed = installing !== null && (await isAllowed(door, request, installing));
  if (!is_allowed)
    return sendPage(
      reply,
      400,
      "This link does not lead anywhere",
      "It is not complete, or older than a day. Ask for a new one.",
    );
  if (install_url === null)
    return sendPage(reply, 503, "GoHighLevel is not set up", "The server needs GHL_INSTALL_URL.");
  const { state, nonce } = newState(secrets, clock, installing);
  return reply
    .header("Set-Cookie", cookie(public_url, nonce, STATE_LIVES_MS / 1000))
    .header("Cache-Control", "no-store")
    .redirect(authorizeUrl(install_url, state), 302);
}

/** A printed link is for whoever has it; one of the console for whoever was given it there. */
async function isAllowed(
  { mayInstall }: ConnectDoor,
  request: FastifyRequest,
  { workspace_id, from_console }: Installing,
) {
  return !from_console || (mayInstall !== null && (await mayInstall(request, workspace_id)));
}

/** Bound to this browser, and sent along when GoHighLevel leads back here. */
function cookie(public_url: string, nonce: string, seconds: number): string {
  const secure = public_url.startsWith("https:") ? "; Secure" : "";
  return `${COOKIE}=${nonce}; Path=${CALLBACK}; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

async function finish(door: ConnectDoor, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { code, state } = request.query as { code?: unknown; state?: unknown };
  void reply.header("Set-Cookie", cookie(door.public_url, "", 0)).header("Cache-Control", "no-store");
  if (typeof code !== "string" || code === "" || code.length > MAX_CODE) {
    return sendPage(reply, 400, "Nothing was installed", "GoHighLevel sent no code. Start the installation again.");
  }
  let installing: Installing | null = null;
  if (state !== undefined) {
    const given = { state: typeof state === "string" ? state : "", nonce: readCookie(request) };
    installing = await redeemState(door.db, door.secrets, door.clock, given);
    if (installing === null) {
      return sendPage(
        reply,
        400,
        "This installation was not started here",
        "It is too old, was finished before, or began in another browser. Start again.",
      );
    }
  }
  try {
    const redirect_uri = door.public_url + CALLBACK;
    const tokens = await exchangeCode(door.app, door.clock, { code, redirect_uri });
    const { connection_id, is_connected } = await connect(door, tokens, installing?.workspace_id ?? null, request);
    if (!is_connected) {
      // Only this browser is told what to claim it with.
      const claim = newClaimToken(door.secrets, door.clock, connection_id);
      return await sendPage(reply, 200, "Installed", "The installation waits to be claimed by its workspace.", {
        href: `${door.public_url}${CLAIM_PAGE}#${claim}`,
        text: "Choose the workspace",
      });
    }
    if (installing?.from_console) {
      return await reply.redirect(`${door.public_url}/admin/workspaces/${installing.workspace_id}/locations`, 302);
    }
    return await sendPage(
      reply,
      200,
      "Connected",
      "Kotally is connected to GoHighLevel: purchases and bookings arrive from now on. Map its products next (npx kotally installations names the location). You may close this page.",
    );
  } catch (error) {
    if (error instanceof ClaimError) return sendPage(reply, 409, "Not connected", error.message);
    if (!(error instanceof GhlError)) throw error;
    request.log.warn({ reason: reasonOf(error) }, "a GoHighLevel installation failed");
    return sendPage(
      reply,
      502,
      "GoHighLevel did not confirm",
      "The code was refused or GoHighLevel is away. Start the installation again.",
    );
  }
}

function readCookie({ headers }: FastifyRequest): string {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? "";
}

/** Keeps the tokens before anything else; what they are for follows, now or by the job that finishes installations. */
async function connect(
  door: ConnectDoor,
  tokens: GhlTokens,
  workspace_id: string | null,
  request: FastifyRequest,
): Promise<{ connection_id: string; is_connected: boolean }> {
  const { db, clock, installations, app } = door;
  const { company_id, location_id: ghl_location_id, is_bulk, access_token } = tokens;
  const recorded = await recordInstallation(db, clock, { company_id, ghl_location_id, is_bulk, told_at: clock.now() });
  if (recorded === null) throw new ClaimError("The app was uninstalled meanwhile.");
  await installations.tokens.keep(recorded.connection, tokens);
  const owner = workspace_id ?? recorded.workspace_id;
  const { id: connection_id } = recorded.connection;
  if (owner === null) return { connection_id, is_connected: false };
  if ((await assignInstallations(db, clock, owner, [recorded.connection.id])) === 0) {
    throw new ClaimError("Another workspace has this installation.");
  }
  if (ghl_location_id === null) {
    for (const { location_id } of await installedLocations(app, { access_token, company_id })) {
      // INSTALL webhooks tell of the same locations; whoever is first records them.
      await recordInstallation(db, clock, { company_id, ghl_location_id: location_id, told_at: clock.now() }).then(
        (one) => (one ? assignInstallations(db, clock, owner, [one.connection.id]) : 0),
      );
    }
  }
  const later = (error: unknown) => {
    request.log.warn({ reason: reasonOf(error) }, "an installation is finished later");
  };
  const own = { connection: recorded.connection, workspace_id: owner };
  await finishInstallation(db, clock, installations, own, "installation").catch(later);
  if (ghl_location_id === null) await finishInstallations(db, clock, installations, later);
  return { connection_id, is_connected: true };
}
