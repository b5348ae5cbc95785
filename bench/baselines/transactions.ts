import type pg from "pg";

/** The same row-level security as the server's, in the message that opens the transaction. */
export function begin(location_id: string): string {
  return `BEGIN;SET LOCAL ROLE kotally_app;SET LOCAL kotally.locations='{${location_id}}'`;
}

export async function inTransaction<T>(
  pool: pg.Pool,
  opening: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(opening);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
