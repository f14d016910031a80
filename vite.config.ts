import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { shellPlugin, WORKER_ENTRY } from './client/offline/shell-plugin.ts';

/** Where `vite` as a development server finds the API and the sockets. */
const SERVER = process.env.VARTA_SERVER ?? 'http://127.0.0.1:8080';

const root = import.meta.dirname;

export default defineConfig({
  root: resolve(root, 'client'),
  publicDir: resolve(root, 'client/public'),
  plugins: [react(), shellPlugin()],
  build: {
    outDir: resolve(root, 'dist/client'),
    emptyOutDir: true,
    target: 'es2023',
    // Everything is a file of its own: the content security policy knows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One stylesheet for all pages, some 23 kB: code that comes later, or after it failed once, never stands there without it.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1_200,
    rollupOptions: {
      input: {
        index: resolve(root, 'client/index.html'),
        [WORKER_ENTRY]: resolve(root, 'client/offline/service-worker.ts'),
      },
      output: {
        // The worker has to stand above the pages that it minds, under a name that stays.
        entryFileNames: ({ name }) => (name === WORKER_ENTRY ? `${name}.js` : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/socket.io': { target: SERVER, ws: true },
    },
  },
});
