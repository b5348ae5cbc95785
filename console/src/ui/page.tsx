import { Anchor, Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "react-router";
import { frameTexts } from "../texts/frame.ts";
import { InPage } from "./in-page.ts";
import classes from "./page.module.css";

interface PageProps {
  /** Also the tab's title. */
  title: string;
  /** One line below the title. */
  about?: ReactNode;
  /** Where the page belongs, before its title. */
  within?: { title: string; to: string };
  /** Beside the title: a status, an id. */
  beside?: ReactNode;
  /** The page's buttons, the most important last. */
  actions?: ReactNode;
  /** Text pages are narrower than tables. */
  is_narrow?: boolean;
  children: ReactNode;
}

let is_first_page = true;

/** A page with its heading, which takes the focus when the page is come to, so that it is read out. */
export function Page({ title, about, within, beside, actions, is_narrow = false, children }: PageProps) {
  useDocumentTitle(`${title} · ${frameTexts.product}`);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!is_first_page) heading.current?.focus({ preventScroll: true });
    is_first_page = false;
  }, []);
  return (
    <div className={classes.page} data-narrow={is_narrow || undefined}>
      <div className={classes.header}>
        <div className={classes.heading}>
          {within && (
            <Anchor component={Link} to={within.to} size="xs" c="dimmed" underline="hover" className={classes.within}>
              {within.title}
            </Anchor>
          )}
          <Group gap="xs" align="center">
            <Title order={1} tabIndex={-1} ref={heading}>
              {title}
            </Title>
            {beside}
          </Group>
          {about !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
      <InPage value>{children}</InPage>
    </div>
  );
}

/** A part of a page below a hairline; its heading is an h2. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.section_header}>
        <Title order={2}>{title}</Title>
        {actions}
      </div>
      {children}
    </section>
  );
}
