import { Button } from "@mantine/core";
import type { ComponentProps, ComponentType, ReactNode } from "react";
import { Link } from "react-router";
import { useIsOwner, useLocationHere, useMayChange, useWorkspaceHere } from "../../api/place.ts";
import { useSession } from "../../api/session.ts";
import { paths } from "../../paths.ts";
import { gettingStartedTexts, sourceWords } from "../../texts/getting-started.ts";
import { Ago } from "../../ui/when.tsx";
import type { Progress, Step } from "./getting-started-page.tsx";
import { RailStep } from "./rail.tsx";

const { steps: texts, ask_admin, ask_owner } = gettingStartedTexts;

interface RowProps {
  step: Step;
  number: number;
  progress: Progress;
}

const stateOf = ({ step: { step, state }, progress: { next } }: RowProps) => (step === next ? "next" : state);

/** Where a step is done: the page's one primary button where it is the next, a quiet one where it is behind. */
function Go({ to, of, children }: { to: string; of: RowProps; children: ReactNode }) {
  const state = stateOf(of);
  return (
    <Button component={Link} to={to} variant={state === "next" ? "filled" : state === "open" ? "default" : "subtle"}>
      {children}
    </Button>
  );
}

function Row({ of, ...row }: { of: RowProps } & Omit<ComponentProps<typeof RailStep>, "number" | "state">) {
  return <RailStep number={of.number} state={stateOf(of)} {...row} />;
}

function wordOf(words: Record<string, string>, fact: string | null): string | null {
  return fact === null ? null : (words[fact] ?? null);
}

function BillingStep(props: RowProps) {
  const { step } = props;
  const { workspace_id } = useWorkspaceHere();
  const is_owner = useIsOwner();
  const { stripe_billing } = useSession();
  const { title, about, done, open, self_hosted, go } = texts.billing;
  const is_open = step.state === "open";
  return (
    <Row
      of={props}
      title={title}
      fact={is_open || stripe_billing ? wordOf(is_open ? open : done, step.fact) : self_hosted}
      {...(is_open && { about })}
      actions={
        is_open &&
        stripe_billing &&
        (is_owner ? (
          <Go to={paths.billing(workspace_id)} of={props}>
            {go}
          </Go>
        ) : (
          ask_owner
        ))
      }
    />
  );
}

function LocationStep(props: RowProps) {
  const { step, progress } = props;
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const { title, about, ghl, api, ghl_waits, last_webhook, go_connections, go_api } = texts.location;
  const is_open = step.state === "open";
  const fact =
    progress.way === "api" ? (
      api
    ) : step.fact === "connected" ? (
      <>
        {ghl}
        {step.at !== null && (
          <>
            , {last_webhook} <Ago at={step.at} />
          </>
        )}
        .
      </>
    ) : (
      wordOf(ghl_waits, step.fact)
    );
  return (
    <Row
      of={props}
      title={title}
      fact={fact}
      {...(is_open && { about })}
      actions={
        is_open && progress.way === "ghl" ? (
          <Go to={paths.locationSettings(location_id)} of={props}>
            {go_connections}
          </Go>
        ) : is_open ? (
          may_change ? (
            <Go to={paths.apiClients(location_id)} of={props}>
              {go_api}
            </Go>
          ) : (
            ask_admin
          )
        ) : undefined
      }
    />
  );
}

function ProductsStep(props: RowProps) {
  const { step } = props;
  const { location_id } = useLocationHere();
  const may_change = useMayChange();
  const { title, about, count, go, all } = texts.product_configs;
  const is_open = step.state === "open";
  return (
    <Row
      of={props}
      title={title}
      fact={is_open ? null : count(step.count ?? 0)}
      {...(is_open && { about })}
      actions={
        is_open ? (
          may_change ? (
            <Go to={paths.product(location_id, "new")} of={props}>
              {go}
            </Go>
          ) : (
            ask_admin
          )
        ) : (
          <Go to={paths.products(location_id)} of={props}>
            {all}
          </Go>
        )
      }
    />
  );
}

function ClientStep(props: RowProps) {
  const { step } = props;
  const { location_id } = useLocationHere();
  const { title, about, count, never_used, used, not_needed, go, all } = texts.api_client;
  const is_open = step.state === "open";
  const clients = (
    <>
      {count(step.count ?? 0)},{" "}
      {step.at === null ? (
        never_used
      ) : (
        <>
          {used} <Ago at={step.at} />
        </>
      )}
      .
    </>
  );
  return (
    <Row
      of={props}
      title={title}
      fact={step.state === "not_needed" ? not_needed : is_open ? null : clients}
      {...(is_open && { about })}
      actions={
        step.state !== "not_needed" && (
          <Go to={paths.apiClients(location_id)} of={props}>
            {is_open ? go : all}
          </Go>
        )
      }
    />
  );
}

function told(words: string, step: Step): ReactNode {
  return (
    <>
      {words} {sourceWords(step.fact ?? "")}
      {step.at !== null && (
        <>
          , <Ago at={step.at} />
        </>
      )}
      .
    </>
  );
}

function PurchaseStep(props: RowProps) {
  const { step, progress } = props;
  const { location_id } = useLocationHere();
  const { title, ghl, api, either, told: words, go_ghl, go_api } = texts.test_purchase;
  const is_open = step.state === "open";
  const is_api = progress.way === "api";
  return (
    <Row
      of={props}
      title={title}
      fact={is_open ? null : told(words, step)}
      {...(is_open && { about: progress.way === "undecided" ? either : is_api ? api : ghl })}
      actions={
        <Go to={is_open && is_api ? paths.apiClients(location_id) : paths.payments(location_id)} of={props}>
          {is_open && is_api ? go_api : go_ghl}
        </Go>
      }
    />
  );
}

function BookingStep(props: RowProps) {
  const { step, progress } = props;
  const { location_id } = useLocationHere();
  const { title, ghl, api, either, told: words, go, go_api } = texts.test_booking;
  const is_open = step.state === "open";
  const is_api = progress.way === "api";
  return (
    <Row
      of={props}
      title={title}
      fact={is_open ? null : told(words, step)}
      {...(is_open && { about: progress.way === "undecided" ? either : is_api ? api : ghl })}
      actions={
        <Go to={is_open && is_api ? paths.apiClients(location_id) : paths.bookings(location_id)} of={props}>
          {is_open && is_api ? go_api : go}
        </Go>
      }
    />
  );
}

function MembersStep(props: RowProps) {
  const { step } = props;
  const { location_id } = useLocationHere();
  const { title, about, count, go } = texts.members;
  return (
    <Row
      of={props}
      title={title}
      fact={count(step.count ?? 0)}
      {...(step.state === "open" && { about })}
      actions={
        <Go to={paths.contacts(location_id)} of={props}>
          {go}
        </Go>
      }
    />
  );
}

function LiveStep(props: RowProps) {
  const { step } = props;
  const { workspace_id } = useWorkspaceHere();
  const { title, about, done, waits, go_locations } = texts.live;
  const is_open = step.state === "open";
  return (
    <Row
      of={props}
      title={title}
      fact={is_open ? (wordOf(waits, step.fact) ?? waits.purchase) : done}
      {...(is_open && step.fact === null && { about })}
      actions={
        step.fact === "sandbox" && (
          <Go to={paths.locations(workspace_id)} of={props}>
            {go_locations}
          </Go>
        )
      }
    />
  );
}

/** Each step as its facts are told. */
export const STEP_ROWS: Record<Step["step"], ComponentType<RowProps>> = {
  billing: BillingStep,
  location: LocationStep,
  product_configs: ProductsStep,
  api_client: ClientStep,
  test_purchase: PurchaseStep,
  test_booking: BookingStep,
  members: MembersStep,
  live: LiveStep,
};
