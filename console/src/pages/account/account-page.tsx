import { accountTexts } from "../../texts/account.ts";
import { Page } from "../../ui/page.tsx";
import { Passkeys } from "./passkeys.tsx";
import { PasswordChange } from "./password-change.tsx";
import { Profile } from "./profile.tsx";
import { Sessions } from "./sessions.tsx";
import { TwoFactor } from "./two-factor.tsx";

/** Everything that people may do about themselves. */
export function AccountPage() {
  return (
    <Page title={accountTexts.title} about={accountTexts.about} is_narrow>
      <Profile />
      <PasswordChange />
      <TwoFactor />
      <Passkeys />
      <Sessions />
    </Page>
  );
}
