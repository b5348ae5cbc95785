import { Anchor } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { secondFactorTexts, signInTexts } from "../../texts/sign-in.ts";
import { CodeForm } from "../../ui/code-form.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";
import { useGoOn } from "./use-go-on.ts";

/** The second step of signing in: the app's code, or one of the codes kept for when the app is gone. */
export function SecondFactorPage() {
  const [is_backup, setBackup] = useState(false);
  const goOn = useGoOn();
  const { title, about, backup_about } = secondFactorTexts;
  return (
    <SignInFrame
      title={title}
      about={is_backup ? backup_about : about}
      foot={
        <Anchor component={Link} to={paths.signIn()}>
          {signInTexts.back}
        </Anchor>
      }
    >
      <CodeForm is_backup={is_backup} onSwitch={() => setBackup(!is_backup)} onDone={goOn} />
    </SignInFrame>
  );
}
