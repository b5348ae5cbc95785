import { useQuery } from "@tanstack/react-query";
import { embedTexts } from "../texts/embed.ts";
import { Mark } from "../ui/mark.tsx";
import { Dashboard } from "./dashboard.tsx";
import { Header } from "./header.tsx";
import { OpenKotally } from "./open-kotally.tsx";
import { Panel } from "./panel.tsx";
import { passQuery, type Pass, type WhyNot } from "./pass.ts";
import { PlaceContext, placeOf } from "./place.ts";
import { useView } from "./view.ts";
import classes from "./embed.module.css";

/** Whoever is let in sees the page; everybody else why not, and the way out. */
export function Gate() {
  const { data, error, isPending, isFetching, refetch } = useQuery(passQuery);
  if (error) return <NotIn why={error.why} is_busy={isFetching} retry={() => void refetch()} />;
  if (isPending) return <Waiting />;
  return <Inside pass={data} />;
}

function Inside({ pass }: { pass: Pass }) {
  const { view, open } = useView();
  return (
    <PlaceContext value={placeOf(pass)}>
      <Header />
      <main className={classes.main}>
        {view.page === "dashboard" && <Dashboard open={(contact_id) => open({ page: "panel", contact_id })} />}
        {view.page === "panel" && (
          <Panel
            key={view.contact_id}
            contact_id={view.contact_id}
            choose={(contact_id) => open({ page: "panel", contact_id })}
            leave={() => open({ page: "dashboard" })}
          />
        )}
      </main>
    </PlaceContext>
  );
}

function Waiting() {
  return (
    <main className={classes.notice} aria-busy>
      <Mark size={36} />
      <p className={classes.soft} role="status">
        {embedTexts.finding_out}
      </p>
    </main>
  );
}

function NotIn({ why, is_busy, retry }: { why: WhyNot; is_busy: boolean; retry: () => void }) {
  const { title, about } = embedTexts.not_in[why];
  return (
    <main className={classes.notice}>
      <Mark size={36} />
      <h1>{title}</h1>
      <p className={classes.soft}>{about}</p>
      <div className={classes.ways}>
        <OpenKotally className={classes.button} />
        <button type="button" className={classes.quiet_button} onClick={retry} disabled={is_busy}>
          {embedTexts.retry}
        </button>
      </div>
    </main>
  );
}
