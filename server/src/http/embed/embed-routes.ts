import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { contactPanel } from "../../views/contact-panel.ts";
import { contactReadRoute } from "../contact-reads.ts";
import type { EmbedApi } from "./embed-api.ts";
import { openedAnswer } from "./embed-auth.ts";
import { embedCallRoute } from "./embed-call.ts";
import { EMBED_CALLS } from "./embed-calls.ts";
import { EMBED_DOOR, guardEmbed } from "./embed-door.ts";
import { embedFiles } from "./embed-files.ts";
import { sandboxLaunchRoute } from "./sandbox-launch.ts";

/** One contact; below /api/embed, as everything here. */
const PANEL_PATH = "/contacts/{id}/panel";

/** What staff see inside GoHighLevel: the way in, and an API that only reads. */
export async function registerEmbed(app: FastifyInstance, api: EmbedApi): Promise<void> {
  guardEmbed(app, api);
  await embedFiles(app, api);
  sandboxLaunchRoute(app, api);
  contactReadRoute(app, EMBED_DOOR, PANEL_PATH, contactPanel, api);
  for (const call of EMBED_CALLS) embedCallRoute(app, call, api);
}

/** What the embed's pages are answered with, as JSON Schema, by the names that types get: they are generated from it. */
export function embedSchemas(): Record<string, object> {
  const named: [string, z.ZodObject][] = [
    ["Opened", openedAnswer],
    ["Panel", contactPanel.answer],
    ...EMBED_CALLS.map(({ shape, answer }): [string, z.ZodObject] => [shape, answer]),
  ];
  return Object.fromEntries(
    named.map(([name, answer]) => {
      const { $schema: _, ...schema } = z.toJSONSchema(answer, { io: "output" });
      return [name, schema];
    }),
  );
}
