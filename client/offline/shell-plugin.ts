import { createHash } from 'node:crypto';
import type { Plugin, Rollup } from 'vite';
import { OFFLINE_PAGE } from './offline-page.ts';
import { type BuiltChunk, shellFiles } from './shell-files.ts';

/** Modules that the offline page consists of, beside what they import. */
const NEEDED = ['client/main.tsx', 'client/start.tsx', 'client/inspect/InspectPage.tsx'];
/** Files of the public folder that belong to the page. */
const PUBLIC = ['/manifest.webmanifest', '/favicon.svg'];
const PLACEHOLDER = '__SHELL__';

/** Name of the worker's entry, and of its file: no hash in it, or browsers would not find its next version. */
export const WORKER_ENTRY = 'service-worker';

/** Writes into the service worker which files it has to keep. */
export function shellPlugin(): Plugin {
  return {
    name: 'varta-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const outputs = Object.values(bundle);
        const worker = outputs.find(
          (one): one is Rollup.OutputChunk => one.type === 'chunk' && one.name === WORKER_ENTRY,
        );
        if (!worker) return;
        const chunks = outputs.flatMap((one) =>
          one.type === 'chunk' && one !== worker ? [toChunk(one)] : [],
        );
        const styles = outputs.flatMap(({ fileName }) => (fileName.endsWith('.css') ? [fileName] : []));
        const needed = [...shellFiles(chunks, NEEDED), ...styles].map((file) => `/${file}`);
        const files = [OFFLINE_PAGE, ...PUBLIC, ...needed];
        const document = outputs.find(({ fileName }) => fileName === 'index.html');
        const text = document?.type === 'asset' ? String(document.source) : '';
        const build = buildName([...files, text]);
        worker.code = worker.code.replaceAll(
          PLACEHOLDER,
          JSON.stringify({ build, page: OFFLINE_PAGE, files }),
        );
      },
    },
  };
}

function toChunk(chunk: Rollup.OutputChunk): BuiltChunk {
  return {
    fileName: chunk.fileName,
    imports: chunk.imports,
    modules: Object.keys(chunk.modules),
    assets: [...(chunk.viteMetadata?.importedAssets ?? [])],
  };
}

/** Names a build by what is in it. */
function buildName(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
