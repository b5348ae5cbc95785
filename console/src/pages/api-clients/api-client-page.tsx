import { useParams } from "react-router";
import { ApiError } from "../../api/api-error.ts";
import { useRead } from "../../api/location-api.ts";
import { useLocationHere, useMayChange } from "../../api/place.ts";
import { paths } from "../../paths.ts";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import { Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { Ago, When } from "../../ui/when.tsx";
import { Facts } from "../../ui/why.tsx";
import { ClientActions } from "./client-actions.tsx";
import { ClientRequests } from "./client-requests.tsx";
import type { ClientRow } from "./client-row.ts";
import { OnOff } from "./on-off.tsx";
import { ScopeList } from "./scope-list.tsx";
import { TryIt } from "./try-it.tsx";
import classes from "./api-clients.module.css";

const { client: texts } = apiClientsTexts;
const FRESH_MS = 4000;
/** Stands for the token, which is shown when it is made and never after. */
const TOKEN_HERE = "YOUR_TOKEN";

/** One API client: what it may do, and what it asked. */
export function ApiClientPage() {
  const { client_id } = useParams();
  const { location_id } = useLocationHere();
  const query = useRead("/api-clients", {}, { refetch_ms: FRESH_MS });
  const within = { title: apiClientsTexts.title, to: paths.apiClients(location_id) };
  return (
    <Loaded query={query} loading={<Page title={apiClientsTexts.title} within={within} children={null} />}>
      {({ api_clients }) => {
        const client = api_clients.find(({ id }) => id === client_id);
        if (!client) return <ErrorState error={new ApiError({}, "NOT_FOUND")} />;
        return <Client client={client} within={within} />;
      }}
    </Loaded>
  );
}

function Client({ client, within }: { client: ClientRow; within: { title: string; to: string } }) {
  const may_change = useMayChange();
  const { id, name, scopes, active, token_start, last_used_at: at, created_at } = client;
  return (
    <Page
      title={name}
      within={within}
      beside={<OnOff active={active} />}
      actions={may_change && <ClientActions client={client} />}
    >
      <div className={classes.facts}>
        <Facts
          facts={[
            { label: texts.id, value: <Identity id={id} /> },
            { label: texts.token, value: <code>{texts.token_about(token_start)}</code> },
            { label: texts.scopes, value: <ScopeList scopes={scopes} /> },
            { label: texts.last_used, value: at === null ? apiClientsTexts.never_used : <Ago at={at} /> },
            { label: texts.made, value: <When at={created_at} /> },
          ]}
        />
      </div>
      <ClientRequests client_id={id} />
      {active && (
        <Section title={apiClientsTexts.token.try_it}>
          <TryIt token={TOKEN_HERE} scopes={scopes} about={texts.try_about(TOKEN_HERE)} />
        </Section>
      )}
    </Page>
  );
}
