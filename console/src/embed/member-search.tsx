import { useState } from "react";
import { embedTexts } from "../texts/embed.ts";
import { formatNumber } from "../ui/format.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import { Answered } from "./answered.tsx";
import { useFound } from "./questions.ts";
import type { Contacts, FoundContact } from "./shapes.ts";
import classes from "./embed.module.css";

const texts = embedTexts.search;

/** Finds a member by anything, and says at once what they have. */
export function MemberSearch({ open }: { open: (contact_id: string) => void }) {
  const [typed, setTyped] = useState("");
  const { search, found } = useFound(typed);
  return (
    <search className={classes.part}>
      <h1 className={classes.heading}>
        <label htmlFor="member">{texts.label}</label>
      </h1>
      <input
        id="member"
        className={classes.input}
        type="search"
        placeholder={texts.placeholder}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      {search !== "" && <Answered query={found}>{(answer) => <FoundList answer={answer} open={open} />}</Answered>}
    </search>
  );
}

function FoundList({ answer, open }: { answer: Contacts; open: (contact_id: string) => void }) {
  const { contacts, next_cursor } = answer;
  return (
    <>
      <p className={classes.unseen} role="status">
        {contacts.length === 0 ? texts.none : texts.found(contacts.length)}
      </p>
      {contacts.length === 0 && <p className={classes.empty}>{texts.none}</p>}
      <ul className={classes.list}>
        {contacts.map((contact) => (
          <li key={contact.id}>
            <button type="button" className={classes.found} onClick={() => open(contact.external_contact_id)}>
              <Found contact={contact} />
            </button>
          </li>
        ))}
      </ul>
      {next_cursor !== null && <p className={classes.empty}>{texts.more}</p>}
    </>
  );
}

function Found({ contact }: { contact: FoundContact }) {
  const { name, email, phone, external_contact_id, membership, products } = contact;
  const called = name ?? email ?? phone ?? external_contact_id;
  const beside = [email, phone].filter((one) => one !== null && one !== called).join(" · ");
  const left = products.filter((one) => one.unlimited || one.credits_available > 0);
  return (
    <>
      <span className={classes.who}>
        <span className={classes.name}>{called}</span>
        {beside !== "" && <span className={classes.soft}>{beside}</span>}
      </span>
      <span className={classes.holds}>
        {left.length === 0 && <span className={classes.soft}>{texts.nothing_left}</span>}
        {left.slice(0, 3).map((one) => (
          <span key={one.product_config_id}>
            <span className={classes.soft}>{one.name} </span>
            <b className={classes.figure}>{one.unlimited ? "∞" : formatNumber(one.credits_available)}</b>
          </span>
        ))}
        {membership !== null && membership !== "active" && <StatusBadge status={membership} />}
      </span>
    </>
  );
}
