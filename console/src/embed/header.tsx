import { embedTexts } from "../texts/embed.ts";
import { Mark } from "../ui/mark.tsx";
import { OpenKotally } from "./open-kotally.tsx";
import { usePlace } from "./place.ts";
import classes from "./embed.module.css";

/** Whose location this is, and the way out. */
export function Header() {
  const { location, user } = usePlace();
  return (
    <header className={classes.header}>
      <Mark size={20} />
      <span className={classes.place} title={user.name === null ? undefined : embedTexts.greeting(user.name)}>
        {location.name}
      </span>
      {location.sandbox && <span className={classes.sandbox}>{embedTexts.sandbox}</span>}
      <OpenKotally className={classes.way_out} />
    </header>
  );
}
