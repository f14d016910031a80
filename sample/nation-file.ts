import { readFile } from 'node:fs/promises';
import { Nation } from '#contract/nation.ts';

/** The sample nation, as committed. */
export async function readSampleNation(): Promise<Nation> {
  const file = new URL('../config/nation/sample-ua.json', import.meta.url);
  return Nation.parse(JSON.parse(await readFile(file, 'utf8')));
}
