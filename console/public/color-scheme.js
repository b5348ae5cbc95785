// Before the first paint, so that the dark console never flashes white; a file of its own, because the page's policy allows no inline script.
(() => {
  const chosen = localStorage.getItem("kotally-color-scheme") ?? "auto";
  const is_dark = chosen === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
  document.documentElement.setAttribute("data-mantine-color-scheme", is_dark ? "dark" : "light");
})();
