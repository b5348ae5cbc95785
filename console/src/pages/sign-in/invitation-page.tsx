import { Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";
import { askAuth } from "../../api/auth.ts";
import { useOwnAsk, useOwnChange, type OwnDone } from "../../api/own-api.ts";
import { sessionQuery } from "../../api/session.ts";
import { signOut } from "../../api/sign-out.ts";
import { paths } from "../../paths.ts";
import { frameTexts } from "../../texts/frame.ts";
import { invitationTexts, signInTexts, signUpTexts } from "../../texts/sign-in.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { LoadingLines } from "../../ui/states.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";

type Invitation = OwnDone<"/invitations/show">;

/** Where an invitation's link leads: to accept as who is signed in, to sign in first, or to sign up with it. */
export function InvitationPage() {
  const [params] = useSearchParams();
  const token = params.get("token") ?? "";
  const { data, error } = useOwnAsk("/invitations/show", { body: { token } });
  const session = useQuery({ ...sessionQuery, retry: false });
  if (error) return <SignInFrame title={invitationTexts.closed} about={error.message} children={null} />;
  if (!data || session.isPending) {
    return <SignInFrame title={invitationTexts.loading} children={<LoadingLines lines={3} />} />;
  }
  const me = session.data?.user.email.toLowerCase();
  return (
    <SignInFrame
      title={invitationTexts.title(data.workspace_name)}
      about={invitationTexts.about(frameTexts.roles[data.role], data.email)}
    >
      {me === data.email && <Accept token={token} />}
      {me !== undefined && me !== data.email && <AsSomebodyElse invitation={data} />}
      {me === undefined &&
        (data.has_account ? <SignInFirst invitation={data} token={token} /> : <Join token={token} />)}
    </SignInFrame>
  );
}

function Accept({ token }: { token: string }) {
  const accept = useOwnChange("/invitations/accept");
  const navigate = useNavigate();
  const state = useServerForm({
    initial: {},
    submit: () => accept.mutateAsync({ body: { token } }),
    onDone: ({ workspace_id }) => void navigate(paths.start(workspace_id), { replace: true }),
  });
  return (
    <FormBody of={state}>
      <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
        {invitationTexts.accept}
      </Button>
    </FormBody>
  );
}

function AsSomebodyElse({ invitation }: { invitation: Invitation }) {
  return (
    <>
      <Text size="sm">{invitationTexts.other(invitation.email)}</Text>
      <Button variant="default" onClick={() => void signOut()}>
        {invitationTexts.sign_out}
      </Button>
    </>
  );
}

function SignInFirst({ invitation, token }: { invitation: Invitation; token: string }) {
  const back = `${paths.invitation()}?${new URLSearchParams({ token }).toString()}`;
  return (
    <>
      <Text size="sm">{invitationTexts.sign_in_about(invitation.email)}</Text>
      <Button component={Link} to={`${paths.signIn()}?${new URLSearchParams({ next: back }).toString()}`} size="sm">
        {invitationTexts.sign_in_first}
      </Button>
    </>
  );
}

function Join({ token }: { token: string }) {
  const signUp = useOwnChange("/invitations/sign-up");
  const navigate = useNavigate();
  const state = useServerForm({
    initial: { name: "", password: "" },
    check: ({ name }) => ({ name: name.trim() === "" && signUpTexts.needed.name }),
    submit: async ({ name, password }) => {
      const { email } = await signUp.mutateAsync({ body: { token, name, password } });
      await askAuth("/sign-in/email", { email, password });
    },
    onDone: () => void navigate(paths.home(), { replace: true }),
  });
  const { form } = state;
  return (
    <FormBody of={state}>
      <TextInput label={signUpTexts.name} autoComplete="name" autoFocus {...form.getInputProps("name")} />
      <PasswordInput
        label={signInTexts.password}
        description={signInTexts.password_rule}
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
        {invitationTexts.join}
      </Button>
    </FormBody>
  );
}
