import { Menu, ScrollArea, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSearch, IconSelector } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Place } from "../api/place.ts";
import { useSession, type SessionLocation, type SessionWorkspace } from "../api/session.ts";
import { paths } from "../paths.ts";
import { frameTexts } from "../texts/frame.ts";
import { Mark } from "../ui/mark.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { firstPageOf } from "./last-place.ts";
import classes from "./place-switcher.module.css";

/** From how many locations on there is a field to find one by. */
const MANY = 8;

interface PlaceSwitcherProps {
  place: Place | null;
  is_compact?: boolean;
  onGo?: () => void;
}

/** Where one is, and the way to every other location and workspace. */
export function PlaceSwitcher({ place, is_compact = false, onGo }: PlaceSwitcherProps) {
  const { workspaces } = useSession();
  const [wanted, setWanted] = useState("");
  const count = workspaces.reduce((sum, { locations }) => sum + locations.length, 0);
  const shown = workspaces.map((workspace) => ({ workspace, locations: matching(workspace, wanted) }));
  const name = place?.location?.name ?? place?.workspace.name ?? frameTexts.product;
  return (
    <Menu width={280} position="bottom-start" onClose={() => setWanted("")}>
      <Menu.Target>
        <UnstyledButton className={classes.switcher} data-compact={is_compact || undefined}>
          {!is_compact && <Mark size={26} />}
          <span className={classes.names}>
            <Text span fw={600} size="sm" truncate>
              {name}
            </Text>
            <Text span size="xs" c="dimmed" truncate>
              {place?.location ? place.workspace.name : frameTexts.whole_workspace}
              {place?.location?.sandbox === true && ` · ${frameTexts.sandbox}`}
            </Text>
          </span>
          <IconSelector size={15} aria-label={frameTexts.switch_place} className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {count > MANY && (
          <TextInput
            size="xs"
            m={4}
            aria-label={frameTexts.find_place}
            placeholder={frameTexts.find_place}
            leftSection={<IconSearch size={14} />}
            value={wanted}
            onChange={({ currentTarget }) => setWanted(currentTarget.value)}
          />
        )}
        <ScrollArea.Autosize mah={420} type="hover">
          {shown.map(({ workspace, locations }) => (
            <div key={workspace.workspace_id}>
              <Menu.Label>{workspace.name}</Menu.Label>
              {locations.map((location) => (
                <LocationItem
                  key={location.location_id}
                  place={{ workspace, location }}
                  is_here={location.location_id === place?.location?.location_id}
                  onGo={onGo}
                />
              ))}
              <Menu.Item
                component={Link}
                to={paths.locations(workspace.workspace_id)}
                onClick={onGo}
                c="dimmed"
                fz="sm"
              >
                {frameTexts.new_location}
              </Menu.Item>
            </div>
          ))}
          {shown.every(({ locations }) => locations.length === 0) && wanted !== "" && (
            <Text size="sm" c="dimmed" p="xs" children={frameTexts.no_place} />
          )}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}

interface LocationItemProps {
  place: Place & { location: SessionLocation };
  is_here: boolean;
  onGo: (() => void) | undefined;
}

function LocationItem({ place, is_here, onGo }: LocationItemProps) {
  const { name, sandbox, status } = place.location;
  return (
    <Menu.Item
      component={Link}
      to={firstPageOf(place)}
      onClick={onGo}
      aria-current={is_here ? "true" : undefined}
      rightSection={is_here ? <IconCheck size={14} aria-hidden /> : null}
    >
      <span className={classes.option}>
        <Text span size="sm">
          {name}
        </Text>
        {sandbox && <StatusBadge status="sandbox" />}
        {status !== "active" && <StatusBadge status={status} />}
      </span>
    </Menu.Item>
  );
}

function matching({ locations }: SessionWorkspace, wanted: string): SessionLocation[] {
  const text = wanted.trim().toLowerCase();
  return locations.filter(({ name, location_id }) => name.toLowerCase().includes(text) || location_id === text);
}
