import { Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { frameTexts } from "../../texts/frame.ts";
import { signInTexts } from "../../texts/sign-in.ts";
import { Mark } from "../../ui/mark.tsx";
import classes from "./sign-in-frame.module.css";

interface SignInFrameProps {
  title: string;
  about?: ReactNode;
  children: ReactNode;
  /** Below the form: where else to go. */
  foot?: ReactNode;
}

/** The frame of every page that one sees before being signed in. */
export function SignInFrame({ title, about, children, foot }: SignInFrameProps) {
  useDocumentTitle(`${title} · ${frameTexts.product}`);
  return (
    <main className={classes.frame}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Mark size={30} />
          <Text fw={600} size="lg" component="span">
            {frameTexts.product}
          </Text>
          <Text size="sm" c="dimmed" component="span" ml="auto">
            {signInTexts.claim}
          </Text>
        </div>
        <div>
          <Title order={1}>{title}</Title>
          {about !== undefined && (
            <Text size="sm" c="dimmed" mt={4} component="div">
              {about}
            </Text>
          )}
        </div>
        {children}
        {foot !== undefined && (
          <Text size="sm" c="dimmed" component="div" className={classes.foot}>
            {foot}
          </Text>
        )}
      </div>
    </main>
  );
}
