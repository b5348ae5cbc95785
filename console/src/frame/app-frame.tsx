import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Place } from "../api/place.ts";
import { frameTexts } from "../texts/frame.ts";
import { Banners } from "./banners.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { commandPalette } from "./palette-store.ts";
import { PlaceSwitcher } from "./place-switcher.tsx";
import { SideBar } from "./side-bar.tsx";
import classes from "./app-frame.module.css";

/** The frame around every page of who is signed in: side navigation, a drawer on a phone, banners, the command palette. */
export function AppFrame({ place, children }: { place: Place | null; children: ReactNode }) {
  const [is_open, { open, close }] = useDisclosure(false);
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {frameTexts.skip}
      </a>
      <aside className={classes.side}>
        <SideBar place={place} />
      </aside>
      <div className={classes.main}>
        <nav className={classes.phone} aria-label={frameTexts.phone_bar}>
          <ActionIcon size="lg" onClick={open} aria-label={frameTexts.open_navigation}>
            <IconMenu2 size={20} />
          </ActionIcon>
          <PlaceSwitcher place={place} is_compact />
          <ActionIcon size="lg" onClick={commandPalette.open} aria-label={frameTexts.search}>
            <IconSearch size={20} />
          </ActionIcon>
        </nav>
        <Banners place={place} />
        <main id="content" tabIndex={-1} className={classes.content}>
          {children}
        </main>
      </div>
      <Drawer.Root opened={is_open} onClose={close} size={272} padding={0}>
        <Drawer.Overlay />
        <Drawer.Content aria-label={frameTexts.main_navigation}>
          <Drawer.Body className={classes.drawer ?? ""}>
            <SideBar place={place} onGo={close} />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <CommandPalette place={place} />
    </div>
  );
}
