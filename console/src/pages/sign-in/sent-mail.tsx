import { Anchor, Text } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useOwnRead } from "../../api/own-api.ts";
import { signInTexts } from "../../texts/sign-in.ts";
import classes from "./sent-mail.module.css";

/** That a mail is on its way, and where to read it on a machine that sends none. */
export function SentMail({ children }: { children: ReactNode }) {
  const mailbox = useOwnRead("/here", {}).data?.mailbox ?? null;
  return (
    <div className={classes.sent} role="status">
      <IconMail size={22} stroke={1.5} aria-hidden />
      <div>
        <Text size="sm" component="div">
          {children}
        </Text>
        {mailbox !== null && (
          <Anchor href={mailbox} size="sm" mt={6} display="block">
            {signInTexts.mailbox}
          </Anchor>
        )}
      </div>
    </div>
  );
}
