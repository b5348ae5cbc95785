import { paths } from "../paths.ts";
import { embedTexts } from "../texts/embed.ts";

interface Way {
  className?: string | undefined;
  /** The contact to open there, and in which location; else the console's start. */
  at?: { location_id: string; contact_id: string };
}

/** The way out: the console, in a tab of its own. */
export function OpenKotally({ className, at }: Way) {
  const path = at ? paths.contact(at.location_id, at.contact_id) : paths.home();
  return (
    <a className={className} href={`/admin${path}`} target="_blank" rel="noopener">
      {at ? embedTexts.open_contact : embedTexts.open_kotally}
    </a>
  );
}
