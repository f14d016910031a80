import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite` as a development server finds the API and the sockets. */
const SERVER = process.env.VARTA_SERVER ?? 'http://127.0.0.1:8080';

const root = import.meta.dirname;

export default defineConfig({
  root: resolve(root, 'client'),
  publicDir: resolve(root, 'client/public'),
  plugins: [react()],
  build: {
    outDir: resolve(root, 'dist/client'),
    emptyOutDir: true,
    target: 'es2023',
    // Everything is a file of its own: the content security policy knows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/socket.io': { target: SERVER, ws: true },
    },
  },
});
