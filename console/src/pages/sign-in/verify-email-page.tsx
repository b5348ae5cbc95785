import { Anchor, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useSearchParams } from "react-router";
import { askAuth } from "../../api/auth.ts";
import { paths } from "../../paths.ts";
import { signInTexts, verifyTexts } from "../../texts/sign-in.ts";
import { SignInFrame } from "./sign-in-frame.tsx";

/** Where the mail's link leads: the address is confirmed, the workspace opens, and its owner is signed in. */
export function VerifyEmailPage() {
  const [params] = useSearchParams();
  const token = params.get("token") ?? "";
  const { isSuccess, isError } = useQuery({
    queryKey: ["verify-email", token],
    queryFn: () => askAuth(`/verify-email?${new URLSearchParams({ token }).toString()}`),
    retry: false,
    staleTime: Infinity,
  });
  if (isSuccess) return <Navigate to={paths.home()} replace />;
  if (!isError) {
    return (
      <SignInFrame title={verifyTexts.title}>
        <Loader size="sm" />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame
      title={verifyTexts.failed}
      about={verifyTexts.failed_about}
      foot={
        <Anchor component={Link} to={paths.signIn()}>
          {signInTexts.sign_in}
        </Anchor>
      }
    >
      {null}
    </SignInFrame>
  );
}
