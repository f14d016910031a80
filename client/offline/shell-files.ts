/** A chunk of the built client, as far as this has to know it. */
export interface BuiltChunk {
  fileName: string;
  /** Chunks that it cannot do without. */
  imports: readonly string[];
  /** Modules in it. */
  modules: readonly string[];
  assets: readonly string[];
}

/** Fonts of scripts that no text of ours is written in are left to the network. */
const FONT = /\.woff2$/;
const OUR_SCRIPTS = /-(?:cyrillic|latin)-wght/;

/**
 * Files without which the chunks that hold `modules` (ends of paths) do not run: the chunks, what they import, and
 * the fonts of our scripts. Sorted, so that a build that changes nothing is the same build.
 */
export function shellFiles(chunks: readonly BuiltChunk[], modules: readonly string[]): string[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const files = new Set<string>();
  const add = (chunk: BuiltChunk | undefined): void => {
    if (!chunk || files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const file of chunk.assets) files.add(file);
    for (const name of chunk.imports) add(byName.get(name));
  };
  for (const module of modules) {
    const chunk = chunks.find((one) => one.modules.some((path) => path.endsWith(module)));
    if (!chunk) throw new Error(`no chunk of the client holds ${module}`);
    add(chunk);
  }
  return [...files].filter((file) => !FONT.test(file) || OUR_SCRIPTS.test(file)).toSorted();
}
