import { resolve } from 'node:path';
import { build } from 'vite';

/** The bare page's script, bundled for a browser. */
export async function bundleBarePage(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: resolve(import.meta.dirname, 'bare-page.ts'), formats: ['iife'], name: 'barePage' },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const output of outputs) {
    if (!('output' in output)) continue;
    return output.output[0].code;
  }
  throw new Error('the bare page was not built');
}
