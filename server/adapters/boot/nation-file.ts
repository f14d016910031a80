import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { NationGeometry } from '#contract/geometry.ts';
import { Nation } from '#contract/nation.ts';
import { sampleNationFile } from '../../../config/nation/samples.ts';
import type { ServerSettings } from '../../../config/settings/server.ts';
import { createRegistry, type Registry } from '../../nation/registry.ts';

/** Problems of a file that are shown; the rest is more of the same. */
const SHOWN_PROBLEMS = 10;

/**
 * The nation of NATION_FILE, or a sample nation in sample mode, with the outlines that its file names. Throws an Error that
 * says what is wrong where.
 */
export async function loadNation(
  settings: Pick<ServerSettings, 'NATION_FILE' | 'SAMPLE' | 'SAMPLE_NATION'>,
): Promise<{ registry: Registry; geometry: NationGeometry | null }> {
  const file = nationFile(settings);
  const nation = parse(Nation, await readFile(file, 'utf8'), { file, is: 'a nation' });
  if (settings.SAMPLE && !nation.sample)
    throw new Error(
      `SAMPLE is on, and ${file} is not a sample: accounts with a known password have no place in a real nation. Take SAMPLE away, or say "sample": true in the file.`,
    );
  return { registry: createRegistry(nation), geometry: await loadGeometry(nation, file) };
}

function nationFile({
  NATION_FILE,
  SAMPLE,
  SAMPLE_NATION,
}: Pick<ServerSettings, 'NATION_FILE' | 'SAMPLE' | 'SAMPLE_NATION'>): URL {
  if (NATION_FILE !== undefined) return pathToFileURL(NATION_FILE);
  if (SAMPLE) return sampleNationFile(SAMPLE_NATION);
  throw new Error('NATION_FILE is not set: outside sample mode there is no nation without it.');
}

async function loadGeometry({ geometry, regions }: Nation, nationFile: URL): Promise<NationGeometry | null> {
  if (geometry === undefined) return null;
  const file = new URL(geometry, nationFile);
  const read = parse(NationGeometry, await readFile(file, 'utf8'), { file, is: 'outlines of a nation' });
  const known = new Set(regions.map(({ id }) => id));
  const stranger = read.objects.regions.geometries.find(({ properties }) => !known.has(properties.iso));
  if (stranger)
    throw new Error(`${file} has outlines of ${stranger.properties.iso}, which is no region of the nation.`);
  return read;
}

interface Source {
  file: URL;
  /** What it ought to be. */
  is: string;
}

function parse<S extends z.ZodType>(schema: S, text: string, { file, is }: Source): z.infer<S> {
  const parsed = schema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `  ${z.core.toDotPath(path)}: ${message}`);
  throw new Error(`${file} is not ${is}:\n${lines.join('\n')}`);
}

function parseJson(text: string, file: URL): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}
