import { Button } from "@mantine/core";
import { useState } from "react";
import { useIsOwner } from "../../api/place.ts";
import { useWorkspaceRead } from "../../api/workspace-api.ts";
import { usersTexts } from "../../texts/users.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { InvitationsTable } from "./invitations-table.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { PeopleTable } from "./people-table.tsx";
import { SupportAccess } from "./support-access.tsx";

/** Who belongs to the workspace, who is invited, and whom of support an owner lets look. */
export function UsersPage() {
  const is_owner = useIsOwner();
  const query = useWorkspaceRead("/users", {});
  const [is_inviting, setInviting] = useState(false);
  const invite = <Button onClick={() => setInviting(true)} children={usersTexts.invite} />;
  return (
    <Page title={usersTexts.title} {...(is_owner ? { actions: invite } : { about: usersTexts.about_viewer })}>
      <Loaded query={query}>
        {({ users, invitations }) => (
          <>
            <Section title={usersTexts.people}>
              <PeopleTable users={users} />
            </Section>
            <Section title={usersTexts.invitations}>
              <InvitationsTable invitations={invitations} />
            </Section>
          </>
        )}
      </Loaded>
      <SupportAccess />
      {is_inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}
