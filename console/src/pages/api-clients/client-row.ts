import type { InputOf } from "../../api/call-types.ts";
import type { paths as LocationPaths } from "../../api/location-api.generated.ts";
import type { Answer } from "../../api/location-api.ts";

export type ClientRow = Answer<"/api-clients">["api_clients"][number];
export type Scope = InputOf<LocationPaths, "/api-clients">["body"]["scopes"][number];

/** A token that was just made: shown once. */
export interface NewToken {
  name: string;
  token: string;
  scopes: readonly Scope[];
}
