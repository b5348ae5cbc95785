import { Database } from "./database.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";

export interface OpenDatabase {
  db: Database;
  /** The database is embedded, and this call created it. */
  is_new: boolean;
  is_embedded: boolean;
  close(): Promise<void>;
}

/** Connections of one process: on small machines few are faster than many. */
const POOL_SIZE = 8;

/** The database that the settings name; without one, PostgreSQL starts in the data directory or is joined there. */
export async function openDatabase(
  { database_url, data_dir }: { database_url: string | null; data_dir: string },
  log: (line: string) => void = () => {},
): Promise<OpenDatabase> {
  if (database_url !== null) {
    const db = new Database(database_url, POOL_SIZE);
    return { db, is_new: false, is_embedded: false, close: () => db.close() };
  }
  const postgres = await startEmbeddedPostgres({ data_dir, log });
  const db = new Database(postgres.url, POOL_SIZE);
  return {
    db,
    is_new: postgres.created,
    is_embedded: true,
    close: async () => {
      await db.close();
      await postgres.stop();
    },
  };
}
