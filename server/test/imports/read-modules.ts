import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

/** Folders whose modules are ours. */
const FOLDERS = ['bench', 'client', 'config', 'local', 'sample', 'server', 'setup', 'sfu'];

/** A module by its path from the root, with the specifiers that it imports: static, dynamic, types, re-exports. */
export type Modules = ReadonlyMap<string, readonly string[]>;

/** Every TypeScript module of the repository. */
export async function readModules(root: string): Promise<Modules> {
  const paths = (await Promise.all(FOLDERS.map((folder) => listModules(root, folder)))).flat();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, importsOf(await readFile(join(root, path), 'utf8'))] as const),
    ),
  );
}

/** What a module's text imports, as TypeScript itself reads it. */
export function importsOf(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

async function listModules(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.d\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ''))
    .filter((path) => !/(?:^|\/)(?:node_modules\/|dist\/|\.)/.test(path));
}
