import {
  Avatar,
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
  type MantineColorScheme,
} from "@mantine/core";
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import { Link } from "react-router";
import { useSession, type Role } from "../api/session.ts";
import { signOut } from "../api/sign-out.ts";
import { paths } from "../paths.ts";
import { frameTexts } from "../texts/frame.ts";
import classes from "./user-menu.module.css";

const SCHEMES = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
] as const satisfies { value: MantineColorScheme; icon: unknown }[];

/** Who is signed in and in which role; the account, the colours, the way out. */
export function UserMenu({ role, onGo }: { role: Role | null; onGo?: () => void }) {
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = user.name ?? user.email;
  return (
    <Menu width={220} position="top-start">
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Avatar size={28} radius="xl" name={name} color="ink" aria-hidden />
          <span className={classes.names}>
            <Text span size="sm" truncate>
              {name}
            </Text>
            {role && (
              <Text span size="xs" c="dimmed">
                {frameTexts.roles[role]}
              </Text>
            )}
          </span>
          <VisuallyHidden>, {frameTexts.account_menu}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item component={Link} to={paths.account()} onClick={onGo} leftSection={<IconUserCircle size={16} />}>
          {frameTexts.account}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{frameTexts.scheme}</Menu.Label>
        {SCHEMES.map(({ value, icon: Glyph }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<Glyph size={16} />}
            onClick={() => setColorScheme(value)}
            fw={colorScheme === value ? 600 : undefined}
          >
            {frameTexts.schemes[value]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {frameTexts.sign_out}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
