import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Nation } from '#contract/nation.ts';
import type { ServerSettings } from '../../../config/settings/server.ts';
import { createRegistry, type Registry } from '../../nation/registry.ts';

const SAMPLE_NATION = new URL('../../../config/nation/sample-ua.json', import.meta.url);

/** Problems of a file that are shown; the rest is more of the same. */
const SHOWN_PROBLEMS = 10;

/** The nation of NATION_FILE, or the sample nation in sample mode. Throws an Error that says what is wrong where. */
export async function loadRegistry(
  settings: Pick<ServerSettings, 'NATION_FILE' | 'SAMPLE'>,
): Promise<Registry> {
  const file = settings.NATION_FILE ?? (settings.SAMPLE ? SAMPLE_NATION : undefined);
  if (file === undefined)
    throw new Error('NATION_FILE is not set: outside sample mode there is no nation without it.');
  const nation = parseNation(await readFile(file, 'utf8'), String(file));
  return createRegistry(nation);
}

function parseNation(text: string, file: string): Nation {
  const parsed = Nation.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `  ${z.core.toDotPath(path)}: ${message}`);
  throw new Error(`${file} is not a nation:\n${lines.join('\n')}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}
