import { Anchor, Button, TextInput } from "@mantine/core";
import { Navigate, useNavigate } from "react-router";
import { useOwnChange } from "../../api/own-api.ts";
import { useSession } from "../../api/session.ts";
import { signOut } from "../../api/sign-out.ts";
import { firstPageOf, lastPlace } from "../../frame/last-place.ts";
import { paths } from "../../paths.ts";
import { homeTexts } from "../../texts/frame.ts";
import { signUpTexts } from "../../texts/sign-in.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { SignInFrame } from "../sign-in/sign-in-frame.tsx";

/** Leads on to where one was; whoever belongs to no workspace opens one. */
export function HomePage() {
  const { user, workspaces } = useSession();
  const place = lastPlace(workspaces);
  return place ? <Navigate to={firstPageOf(place)} replace /> : <OpenWorkspace email={user.email} />;
}

function OpenWorkspace({ email }: { email: string }) {
  const open = useOwnChange("/workspaces");
  const navigate = useNavigate();
  const state = useServerForm({
    initial: { name: "" },
    check: ({ name }) => ({ name: name.trim() === "" && signUpTexts.needed.workspace }),
    submit: (body) => open.mutateAsync({ body }),
    onDone: ({ workspace_id }) => void navigate(paths.start(workspace_id), { replace: true }),
  });
  return (
    <SignInFrame
      title={homeTexts.open}
      about={homeTexts.nowhere(email)}
      foot={
        <Anchor component="button" type="button" inherit onClick={() => void signOut()}>
          {homeTexts.sign_out}
        </Anchor>
      }
    >
      <FormBody of={state}>
        <TextInput
          label={signUpTexts.workspace}
          description={signUpTexts.workspace_about}
          autoComplete="organization"
          autoFocus
          {...state.form.getInputProps("name")}
        />
        <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
          {homeTexts.open}
        </Button>
      </FormBody>
    </SignInFrame>
  );
}
