import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The main file of the pages, which has a hash of everything in its name. */
const MAIN_FILE = /<script[^>]+src="\/assets\/([\w.-]{1,100})"/;

/**
 * Name of the client's build that stands in a folder now: it may be built anew under a running server. Undefined when there
 * is none.
 */
export async function readClientBuild(clientDir: string): Promise<string | undefined> {
  try {
    return MAIN_FILE.exec(await readFile(resolve(clientDir, 'index.html'), 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
