import { MemberSearch } from "./member-search.tsx";
import { TodayList } from "./today-list.tsx";
import classes from "./embed.module.css";

/** Who is it, and who comes today. */
export function Dashboard({ open }: { open: (contact_id: string) => void }) {
  return (
    <div className={classes.columns}>
      <MemberSearch open={open} />
      <TodayList open={open} />
    </div>
  );
}
