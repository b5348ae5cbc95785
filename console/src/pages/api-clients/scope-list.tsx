import { apiClientsTexts as texts } from "../../texts/api-clients.ts";
import { formatList } from "../../ui/format.ts";

/** What a token may do, in the order of the API's own page. */
export function ScopeList({ scopes }: { scopes: readonly string[] }) {
  const words = Object.entries(texts.scopes).filter(([scope]) => scopes.includes(scope));
  return <>{formatList(words.map(([, { title }]) => title.toLowerCase()))}</>;
}
