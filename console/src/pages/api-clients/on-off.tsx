import { apiClientsTexts as texts } from "../../texts/api-clients.ts";
import { Badge } from "../../ui/status-badge.tsx";

/** Whether its token serves. */
export function OnOff({ active }: { active: boolean }) {
  return <Badge tone={active ? "good" : "quiet"}>{active ? texts.on : texts.off}</Badge>;
}
