import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files under a folder or the file itself, relative to `root`, sorted. A path that is not there has none. */
async function listFiles(root: string, path: string): Promise<string[]> {
  const kind = await stat(join(root, path)).catch(() => undefined);
  if (!kind) return [];
  if (kind.isFile()) return [path];
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** One hash over the names and contents of everything under `paths` that `counts`. */
export async function hashContents(
  root: string,
  paths: string[],
  counts: (file: string) => boolean,
): Promise<string> {
  const files = (await Promise.all(paths.map((path) => listFiles(root, path)))).flat().filter(counts);
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))));
  const hash = createHash('sha256');
  files.forEach((file, index) => {
    const content = contents[index] ?? '';
    hash.update(`${Buffer.byteLength(file)}:${file}${content.length}:`).update(content);
  });
  return hash.digest('hex');
}
