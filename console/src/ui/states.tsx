import { Button, Code, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconMapPinQuestion, type Icon } from "@tabler/icons-react";
import { use, type ReactNode } from "react";
import type { ApiError } from "../api/api-error.ts";
import { errorTexts } from "../texts/errors.ts";
import { uiTexts } from "../texts/ui.ts";
import { InPage } from "./in-page.ts";
import classes from "./states.module.css";

interface StateProps {
  icon: Icon;
  title: string;
  /** What is the case, and what to do next. */
  about: ReactNode;
  /** The button that does it. */
  action?: ReactNode;
  role?: "alert";
}

/** What stands where a list or a page would: why there is nothing, and what to do next. */
export function EmptyState({ icon: Glyph, title, about, action, role }: StateProps) {
  return (
    <div className={classes.state} role={role}>
      <Glyph size={28} stroke={1.4} aria-hidden className={classes.glyph} />
      <Title order={use(InPage) ? 2 : 1} size="h3">
        {title}
      </Title>
      <Text size="sm" c="dimmed" maw={440} component="div">
        {about}
      </Text>
      {action}
    </div>
  );
}

/** A read that failed, in the words of what happened: no permission, not found, or trouble that can be tried again. */
export function ErrorState({ error, retry }: { error: ApiError; retry?: (() => void) | undefined }) {
  if (error.reason_code === "FORBIDDEN") {
    return <EmptyState icon={IconLock} title={errorTexts.no_permission} about={errorTexts.no_permission_about} />;
  }
  if (error.reason_code === "NOT_FOUND" || isNoId(error)) {
    return <EmptyState icon={IconMapPinQuestion} title={errorTexts.not_found} about={errorTexts.not_found_about} />;
  }
  return (
    <EmptyState
      icon={IconAlertTriangle}
      role="alert"
      title={errorTexts.title}
      about={
        <Stack gap={4} align="center">
          {error.message}
          {error.correlation_id !== null && <Code fz="xs">{errorTexts.reference(error.correlation_id)}</Code>}
        </Stack>
      }
      action={retry && <Button variant="default" onClick={retry} children={errorTexts.retry} />}
    />
  );
}

/** The address names something by what cannot be an id: there is no such thing. */
function isNoId({ reason_code, errors }: ApiError): boolean {
  return (
    reason_code === "VALIDATION_ERROR" && errors.length > 0 && errors.every(({ field }) => /^(?:\w+_)?id$/.test(field))
  );
}

/** What a role may not do, said where it would stand. */
export function NoPermission({ about = errorTexts.no_permission_about }: { about?: string }) {
  return <EmptyState icon={IconLock} title={errorTexts.no_permission} about={about} />;
}

/** Lines as high as what they stand for, read out as loading. */
export function LoadingLines({ lines = 6, height = 18 }: { lines?: number; height?: number }) {
  return (
    <Stack gap={14} role="status" aria-label={uiTexts.loading} py={6}>
      {Array.from({ length: lines }, (_, i) => (
        <Skeleton key={i} height={height} width={`${96 - ((i * 17) % 38)}%`} />
      ))}
    </Stack>
  );
}
