import { Button } from "@mantine/core";
import { IconBug, IconMapPinQuestion, IconRefresh } from "@tabler/icons-react";
import { isRouteErrorResponse, Link, useRouteError } from "react-router";
import { paths } from "../paths.ts";
import { errorTexts } from "../texts/errors.ts";
import { frameTexts } from "../texts/frame.ts";
import { EmptyState } from "../ui/states.tsx";

/** What stands in place of a page that could not be shown: broken, unknown, or of an older build than the server's. */
export function PageBroke() {
  const error = useRouteError();
  if (isRouteErrorResponse(error)) return <UnknownPage />;
  const is_older = error instanceof TypeError && /module|import/i.test(error.message);
  return (
    <EmptyState
      icon={is_older ? IconRefresh : IconBug}
      role="alert"
      title={is_older ? frameTexts.newer_version : errorTexts.page_broke}
      about={errorTexts.page_broke_about}
      action={<Button onClick={() => window.location.reload()}>{errorTexts.reload}</Button>}
    />
  );
}

export function UnknownPage() {
  return (
    <EmptyState
      icon={IconMapPinQuestion}
      title={errorTexts.not_found}
      about={errorTexts.not_found_about}
      action={
        <Button component={Link} to={paths.home()} variant="default">
          {errorTexts.home}
        </Button>
      }
    />
  );
}

/** The same where no frame stands around. */
export function AppBroke() {
  return <main children={<PageBroke />} />;
}

/** An address that is below no place, and of nobody in particular. */
export function UnknownAddress() {
  return <main children={<UnknownPage />} />;
}
