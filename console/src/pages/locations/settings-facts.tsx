import { locationTexts } from "../../texts/locations.ts";
import { formatNumber } from "../../ui/format.ts";
import { Facts } from "../../ui/why.tsx";
import type { Settings } from "./settings-form.tsx";
import classes from "./locations.module.css";

const { settings: texts } = locationTexts;

/** The same for who may only read. */
export function SettingsFacts({ settings, is_sandbox }: { settings: Settings; is_sandbox: boolean }) {
  const yes = (value: boolean) => (value ? texts.yes : texts.no);
  const facts = [
    { label: texts.name, value: settings.name },
    { label: texts.timezone, value: settings.timezone },
    { label: texts.currency, value: settings.currency },
    { label: texts.window, value: formatNumber(settings.cancellation_window_hours) },
    { label: texts.penalty, value: formatNumber(settings.no_show_penalty) },
    { label: texts.make_good, value: formatNumber(settings.make_good_days) },
    { label: texts.auto_settle, value: yes(settings.auto_settle) },
    { label: texts.shows_balances, value: yes(settings.shows_balances) },
  ];
  return (
    <div className={classes.facts}>
      <Facts facts={is_sandbox ? facts.slice(0, -1) : facts} />
    </div>
  );
}
