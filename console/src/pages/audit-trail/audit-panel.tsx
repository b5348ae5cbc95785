import { Stack, Text } from "@mantine/core";
import { actionInWords, auditTexts } from "../../texts/audit.ts";
import { SideDialog } from "../../ui/dialog.tsx";
import { Identity } from "../../ui/identity.tsx";
import { Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import { Facts, type Fact } from "../../ui/why.tsx";
import { actorOf, changesOf, type AuditEvent } from "./audit-event.ts";
import classes from "./audit-trail.module.css";

const { panel: texts } = auditTexts;

/** One line of the trail with everything that is kept of it: before and after, field by field. */
export function AuditPanel({ event, onClose }: { event: AuditEvent; onClose: () => void }) {
  const changes = changesOf(event);
  return (
    <SideDialog title={actionInWords(event.action)} onClose={onClose}>
      <Stack gap="lg">
        <Facts facts={factsOf(event)} />
        <Section title={texts.change}>
          {changes.length === 0 ? (
            <Text size="sm" c="dimmed" children={texts.nothing} />
          ) : (
            <table className={classes.changes}>
              <thead>
                <tr>
                  <th scope="col">{texts.field}</th>
                  <th scope="col">{texts.before}</th>
                  <th scope="col">{texts.after}</th>
                </tr>
              </thead>
              <tbody>
                {changes.map(({ field, before, after }) => (
                  <tr key={field} data-changed={before !== after || undefined}>
                    <th scope="row">{field.replaceAll("_", " ")}</th>
                    <td children={<Value of={before} />} />
                    <td children={<Value of={after} />} />
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Section>
      </Stack>
    </SideDialog>
  );
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function Value({ of }: { of: string | null }) {
  if (of === null) return texts.absent;
  return INSTANT.test(of) ? <When at={of} /> : of;
}

function factsOf(event: AuditEvent): Fact[] {
  const { facts: names } = texts;
  const { user_id, ip, location, correlation_id } = event;
  const facts: (Fact | null)[] = [
    { label: names.who, value: actorOf(event) },
    { label: names.when, value: <When at={event.at} style="exact" /> },
    ip === null ? null : { label: names.from, value: ip },
    location === null ? null : { label: names.location, value: location.name },
    { label: names.subject, value: event.subject },
    { label: names.action, value: event.action },
    user_id === null ? null : { label: names.user, value: <Identity id={user_id} short /> },
    correlation_id === null ? null : { label: names.correlation, value: <Identity id={correlation_id} short /> },
    { label: names.id, value: <Identity id={event.id} short /> },
  ];
  return facts.filter((fact) => fact !== null);
}
