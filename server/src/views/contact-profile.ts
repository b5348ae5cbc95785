import { z } from "zod";
import type { ContactRead } from "./contact-read.ts";
import { contactShape } from "./shapes.ts";

const answer = z.object({ contact: contactShape });

export const contactProfile: ContactRead<typeof answer> = {
  name: "contact_profile",
  reason_code: "contact_loaded",
  summary: "Who is it?",
  answer,
  cursor: null,
  read: ({ contact }) => Promise.resolve({ contact }),
};
