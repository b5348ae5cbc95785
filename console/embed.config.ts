import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The staff embed: one small page of its own, in GoHighLevel's frame. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/embed/",
  publicDir: false,
  plugins: [react()],
  build: {
    target: "es2023",
    outDir: "dist-embed",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: "embed.html" },
  },
});
