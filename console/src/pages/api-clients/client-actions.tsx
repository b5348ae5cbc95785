import { Button } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ClientFormDialog } from "./client-form-dialog.tsx";
import type { ClientRow, NewToken, Scope } from "./client-row.ts";
import { TokenDialog } from "./token-dialog.tsx";

const { client: texts } = apiClientsTexts;

/** Edits it, gives it a new token, switches it off and on. */
export function ClientActions({ client }: { client: ClientRow }) {
  const [open, setOpen] = useState<"edit" | "rotate" | "switch" | null>(null);
  const [made, setMade] = useState<NewToken | null>(null);
  const { id, name, scopes, active, version: expected_version } = client;
  const rotate = useChange("/api-clients/{id}/rotate");
  const deactivate = useChange("/api-clients/{id}/deactivate");
  const reactivate = useChange("/api-clients/{id}/reactivate");
  const input = { path: { id }, body: { expected_version } };
  const close = () => setOpen(null);
  return (
    <>
      <Button variant="default" onClick={() => setOpen("switch")}>
        {active ? texts.deactivate : texts.reactivate}
      </Button>
      <Button variant="default" onClick={() => setOpen("rotate")}>
        {texts.rotate}
      </Button>
      <Button variant="default" onClick={() => setOpen("edit")}>
        {texts.edit}
      </Button>
      {open === "edit" && <ClientFormDialog client={client} onClose={close} />}
      {open === "rotate" && (
        <ConfirmDialog
          title={texts.rotate}
          about={texts.rotate_about(name)}
          confirm={texts.rotate}
          is_dangerous
          run={async () => {
            const { token } = await rotate.mutateAsync(input);
            setMade({ name, token, scopes: scopes as Scope[] });
          }}
          done={texts.rotated(name)}
          onClose={close}
        />
      )}
      {open === "switch" && (
        <ConfirmDialog
          title={active ? texts.deactivate : texts.reactivate}
          about={active ? texts.deactivate_about(name) : texts.reactivate_about(name)}
          confirm={active ? texts.deactivate : texts.reactivate}
          is_dangerous={active}
          run={() => (active ? deactivate : reactivate).mutateAsync(input)}
          done={active ? texts.deactivated(name) : texts.reactivated(name)}
          onClose={close}
        />
      )}
      {made && <TokenDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}
