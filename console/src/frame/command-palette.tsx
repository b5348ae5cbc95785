import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight } from "@mantine/spotlight";
import {
  IconAddressBook,
  IconApi,
  IconBook2,
  IconBuildingStore,
  IconCalendarEvent,
  IconKey,
  IconReceipt2,
  IconRepeat,
  IconSearch,
  IconTag,
  IconTicket,
  IconWebhook,
  type Icon,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import type { Place } from "../api/place.ts";
import { useSession } from "../api/session.ts";
import { paths } from "../paths.ts";
import { frameTexts } from "../texts/frame.ts";
import { firstPageOf } from "./last-place.ts";
import { navigationOf } from "./navigation.ts";
import { chooseFirst, paletteStore } from "./palette-store.ts";
import { MIN_SEARCH, useFound, type Hit } from "./use-found.ts";
import classes from "./command-palette.module.css";

const { palette } = frameTexts;
const TYPING_MS = 180;

interface Command {
  id: string;
  label: string;
  description?: string | undefined;
  words: string;
  icon: Icon;
  to: string;
}

/** One field for everything: pages, locations, and whatever this location has under that name or id. */
export function CommandPalette({ place }: { place: Place | null }) {
  const [query, setQuery] = useState("");
  const text = query.trim().toLowerCase();
  const [asked] = useDebouncedValue(query.trim(), TYPING_MS);
  const location_id = place?.location?.location_id ?? null;
  const { hits, is_asking } = useFound(location_id, asked);
  const found = (hits ?? []).map((hit) => commandOf(hit, location_id ?? ""));
  const pages = usePages(place).filter(({ words }) => words.includes(text));
  const places = usePlaces().filter(({ words }) => words.includes(text));
  const is_waiting = is_asking || (asked !== query.trim() && location_id !== null);
  const is_empty = found.length + pages.length + places.length === 0;
  useEffect(() => {
    if (hits !== null && hits.length > 0) chooseFirst();
  }, [hits]);
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={["mod + K", "/"]}
      scrollable
      maxHeight={460}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
    >
      <Modal.Title className={classes.title ?? ""}>{frameTexts.search}</Modal.Title>
      <Spotlight.Search
        placeholder={palette.placeholder}
        aria-label={palette.placeholder}
        leftSection={<IconSearch size={18} />}
      />
      <Spotlight.ActionsList>
        <Group label={palette.found} commands={found} />
        <Group label={palette.go_to} commands={pages} />
        <Group label={palette.places} commands={places} />
        {is_empty && <Spotlight.Empty>{is_waiting ? palette.searching : palette.nothing}</Spotlight.Empty>}
      </Spotlight.ActionsList>
      {location_id !== null && text.length < MIN_SEARCH && (
        <Spotlight.Footer fz="xs" c="dimmed">
          {palette.hint}
        </Spotlight.Footer>
      )}
    </Spotlight.Root>
  );
}

function Group({ label, commands }: { label: string; commands: readonly Command[] }) {
  const navigate = useNavigate();
  if (commands.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={label}>
      {commands.map(({ id, label: name, description, icon: Glyph, to }) => (
        <Spotlight.Action
          key={id}
          label={name}
          {...(description !== undefined && { description })}
          leftSection={<Glyph size={18} stroke={1.6} />}
          classNames={{ actionDescription: classes.description ?? "" }}
          onClick={() => void navigate(to)}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}

const GLYPHS: Record<Hit["kind"], Icon> = {
  contact: IconAddressBook,
  payment: IconReceipt2,
  membership: IconRepeat,
  booking: IconCalendarEvent,
  entitlement: IconTicket,
  ledger_entry: IconBook2,
  request: IconApi,
  product_config: IconTag,
  api_client: IconKey,
  webhook_event: IconWebhook,
};

function commandOf(hit: Hit, location_id: string): Command {
  const { kind, id, title, subtitle } = hit;
  const description = [palette.kinds[kind], subtitle].filter((part) => part !== null).join(" · ");
  return {
    id: `${kind} ${id}`,
    label: title,
    description,
    words: "",
    icon: GLYPHS[kind],
    to: pageOf(hit, location_id),
  };
}

/** What belongs to a contact is shown on the contact's page. */
function pageOf({ kind, id, external_contact_id }: Hit, location_id: string): string {
  const of_contact = (tab: string) => `${paths.contact(location_id, external_contact_id ?? "")}${tab}`;
  switch (kind) {
    case "contact":
      return paths.contact(location_id, id);
    case "payment":
      return paths.payment(location_id, id);
    case "membership":
      return of_contact("");
    case "request":
      // One that was refused, or about nobody, is listed with its client.
      return external_contact_id === null ? paths.apiClients(location_id) : of_contact("?tab=ledger");
    case "entitlement":
      return of_contact("?tab=entitlements");
    case "ledger_entry":
      return of_contact("?tab=ledger");
    case "booking":
      return paths.booking(location_id, external_contact_id ?? "", id);
    case "product_config":
      return paths.product(location_id, id);
    case "api_client":
      return paths.apiClient(location_id, id);
    case "webhook_event":
      return paths.webhookEvent(location_id, id);
    default:
      return kind satisfies never;
  }
}

function usePages(place: Place | null): Command[] {
  const groups = place ? navigationOf(place) : [];
  return groups.flatMap(({ title: group, items }) =>
    items.map(({ title, icon, to, words }) => ({
      id: to,
      label: title,
      words: `${title} ${group} ${words}`.toLowerCase(),
      icon,
      to,
    })),
  );
}

function usePlaces(): Command[] {
  const { workspaces } = useSession();
  return workspaces.flatMap((workspace) =>
    workspace.locations.map((location) => ({
      id: location.location_id,
      label: location.name,
      description: workspace.name,
      words: `${location.name} ${location.key} ${workspace.name} ${location.location_id}`.toLowerCase(),
      icon: IconBuildingStore,
      to: firstPageOf({ workspace, location }),
    })),
  );
}
