import { createTheme, rem, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The ink of the books: the one accent. */
const ink: MantineColorsTuple = [
  "#ecf8f5",
  "#d5eee8",
  "#a9dbd0",
  "#79c6b7",
  "#4fb2a0",
  "#2f9a88",
  "#1a8272",
  "#0f6b60",
  "#0b564d",
  "#07423c",
];

/** Paper: neutral, with a breath of green. */
const gray: MantineColorsTuple = [
  "#f7f8f6",
  "#eff1ed",
  "#e4e7e1",
  "#d4d9d1",
  "#bcc3ba",
  "#949d94",
  "#646e66",
  "#4a534c",
  "#323933",
  "#1c211e",
];

const dark: MantineColorsTuple = [
  "#dde2de",
  "#bac2bc",
  "#929c95",
  "#626c65",
  "#3c4540",
  "#303834",
  "#252c29",
  "#181d1b",
  "#131715",
  "#0e1110",
];

const MONO = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace";
const SANS = "'IBM Plex Sans Variable', ui-sans-serif, system-ui, sans-serif";

/** Calm and dense: 14 px text, tabular figures, hairlines instead of boxes, one accent. */
export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { ink, gray, dark },
  black: "#1c211e",
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.35" },
  radius: { xs: rem(3), sm: rem(6), md: rem(8), lg: rem(12), xl: rem(20) },
  headings: {
    fontFamily: SANS,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: rem(22), lineHeight: "1.3" },
      h2: { fontSize: rem(16), lineHeight: "1.4" },
      h3: { fontSize: rem(14), lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { size: "xs" }, styles: { root: { fontSize: rem(13) } } },
    Badge: {
      defaultProps: { variant: "light", radius: "sm", size: "sm" },
      styles: { root: { textTransform: "none" } },
    },
    Modal: {
      styles: { title: { fontWeight: 600, fontSize: rem(16) } },
      defaultProps: { radius: "md", overlayProps: { backgroundOpacity: 0.4 }, transitionProps: { duration: 120 } },
    },
    // What is wrong with it stands below it, and focus is what leads there.
    Select: { defaultProps: { openOnFocus: false } },
    Drawer: { styles: { title: { fontWeight: 600, fontSize: rem(16) } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, fz: "xs" } },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
    Anchor: { defaultProps: { underline: "always" } },
    Skeleton: { defaultProps: { radius: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
  },
});

/** What the hairlines, the quiet surfaces and the words of state are painted with, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--k-surface": gray[0],
    "--k-hover": gray[0],
    "--k-line": gray[2],
    "--k-line-strong": gray[4],
    "--k-good": ink[7],
    "--k-bad": "#b3261e",
    "--k-warn": "#8a5300",
    "--k-held": "#8fb8d9",
    "--k-track": gray[2],
    "--k-press": gray[2],
    "--k-focus": ink[6],
    "--k-mark": ink[7],
    "--k-text-soft": gray[8],
    "--k-accent-text": ink[7],
    "--k-accent-quiet": ink[1],
    "--k-warn-quiet": "#fdf3df",
    "--k-bad-quiet": "#fdecea",
    "--mantine-color-dimmed": gray[6],
    "--mantine-color-placeholder": gray[6],
    "--mantine-color-error": "#b3261e",
  },
  dark: {
    "--k-surface": dark[8],
    "--k-hover": dark[6],
    "--k-line": dark[5],
    "--k-line-strong": dark[3],
    "--k-good": ink[3],
    "--k-bad": "#ff9b8f",
    "--k-warn": "#f0b45a",
    "--k-held": "#48718f",
    "--k-track": dark[5],
    "--k-press": dark[5],
    "--k-focus": ink[4],
    "--k-mark": ink[7],
    "--k-text-soft": dark[1],
    "--k-accent-text": ink[3],
    "--k-accent-quiet": "#16322d",
    "--k-warn-quiet": "#2e2415",
    "--k-bad-quiet": "#331c1a",
    "--mantine-color-dimmed": dark[2],
    "--mantine-color-placeholder": dark[2],
    "--mantine-color-error": "#ff9b8f",
  },
});
