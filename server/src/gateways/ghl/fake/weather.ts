/** What a day at GoHighLevel is like. Shares are between 0 and 1. */
export interface Weather {
  /** Share of deliveries that are sent twice. */
  double: number;
  /** Deliveries wait up to so long. */
  delay_ms: number;
  /** Share of deliveries that are overtaken by later ones. */
  reorder: number;
  /** Share of sendings that are lost on the way, and so repeated. */
  lose: number;
  /** Share of API calls answered 500. */
  fail_rate: number;
  /** Share of API calls whose token is taken for expired. */
  expired_rate: number;
  /** API calls take so long, by real time. */
  slow_ms: number;
  /** API calls per location in ten seconds before 429; null: any number. */
  rate_limit: number | null;
  /** The path whose calls the token has no scope for; null: it has all. */
  missing_scope: string | null;
  /** How long after a payment its transaction can be read. */
  transaction_delay_ms: number;
}

export const CLEAR_SKY: Weather = {
  double: 0,
  delay_ms: 0,
  reorder: 0,
  lose: 0,
  fail_rate: 0,
  expired_rate: 0,
  slow_ms: 0,
  rate_limit: 100,
  missing_scope: null,
  transaction_delay_ms: 0,
};

/** How far a reordered delivery falls back. */
export const OVERTAKEN_BY_MS = 120_000;
