import { Radio, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Role } from "../../api/session.ts";
import { roleTexts } from "../../texts/users.ts";

interface RoleChoiceProps {
  label: string;
  value?: Role;
  onChange: (role: Role) => void;
  error?: ReactNode;
}

const ROLES = Object.keys(roleTexts) as Role[];

/** A role, each with what it may do. */
export function RoleChoice({ label, value, onChange, error }: RoleChoiceProps) {
  return (
    <Radio.Group label={label} value={value ?? null} onChange={onChange} error={error}>
      <Stack gap={8} mt={6}>
        {ROLES.map((role) => (
          <Radio
            key={role}
            value={role}
            label={
              <>
                {roleTexts[role].name}
                <Text size="xs" c="dimmed" component="span" display="block">
                  {roleTexts[role].about}
                </Text>
              </>
            }
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
