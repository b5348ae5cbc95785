import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const COMPRESSIBLE = /\.(?:js|css|svg)$/;

/** Leaves each file compressed beside itself: the server sends it so, and compresses nothing itself. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "" }) {
      const names = await readdir(dir, { recursive: true });
      for (const name of names.filter((one) => COMPRESSIBLE.test(one))) {
        const text = await readFile(join(dir, name));
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        await writeFile(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }));
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(text, { params: quality }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/admin/",
  plugins: [react(), compressed()],
  // The server puts a fresh one in its place with every page it sends.
  html: { cspNonce: "NONCE_OF_THE_PAGE" },
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { "/api": "http://localhost:3000" } },
});
