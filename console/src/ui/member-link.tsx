import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { useLocationHere } from "../api/place.ts";
import { paths } from "../paths.ts";

/** A member by name, leading to their page. */
export function MemberLink({ id, name }: { id: string; name: string | null }) {
  const { location_id } = useLocationHere();
  return (
    <Anchor component={Link} to={paths.contact(location_id, id)} inherit>
      {name ?? id}
    </Anchor>
  );
}
