import { Kbd, NavLink as MantineNavLink, ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { NavLink } from "react-router";
import type { Place } from "../api/place.ts";
import { frameTexts } from "../texts/frame.ts";
import { navigationOf, type NavigationItem } from "./navigation.ts";
import { commandPalette } from "./palette-store.ts";
import { PlaceSwitcher } from "./place-switcher.tsx";
import { UserMenu } from "./user-menu.tsx";
import classes from "./side-bar.module.css";

/** The side: where one is, search, the pages by task, who one is. */
export function SideBar({ place, onGo }: { place: Place | null; onGo?: () => void }) {
  const os = useOs();
  return (
    <div className={classes.bar}>
      <div className={classes.top}>
        <PlaceSwitcher place={place} {...(onGo && { onGo })} />
        <UnstyledButton
          className={classes.search}
          onClick={() => {
            onGo?.();
            commandPalette.open();
          }}
        >
          <IconSearch size={15} aria-hidden />
          <span>{frameTexts.search}</span>
          <Kbd size="xs" aria-hidden>
            {os === "macos" || os === "ios" ? "⌘K" : "Ctrl K"}
          </Kbd>
        </UnstyledButton>
      </div>
      <ScrollArea className={classes.pages} scrollbarSize={6} type="hover">
        <nav aria-label={frameTexts.main_navigation}>
          {place &&
            navigationOf(place).map(({ title, items }) => (
              <div key={title} className={classes.group}>
                <Text component="h2" className={classes.group_title}>
                  {title}
                </Text>
                {items.map((item) => (
                  <PageLink key={item.to} item={item} onGo={onGo} />
                ))}
              </div>
            ))}
        </nav>
      </ScrollArea>
      <UserMenu role={place?.workspace.role ?? null} {...(onGo && { onGo })} />
    </div>
  );
}

function PageLink({ item, onGo }: { item: NavigationItem; onGo: (() => void) | undefined }) {
  const { title, icon: Glyph, to } = item;
  return (
    <MantineNavLink
      component={NavLink}
      to={to}
      {...(onGo && { onClick: onGo })}
      className={classes.link ?? ""}
      label={title}
      leftSection={<Glyph size={17} stroke={1.6} aria-hidden />}
    />
  );
}
