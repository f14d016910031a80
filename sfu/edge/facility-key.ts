import { readFile } from 'node:fs/promises';
import type { EdgeSettings } from '../../config/settings/edge.ts';

/**
 * The facility's key as the settings have it: a file is read anew each time, so that the key can be changed.
 *
 * @throws Error that names the file, never what is in it.
 */
export async function readFacilityKey(
  settings: Pick<EdgeSettings, 'EDGE_FACILITY_KEY' | 'EDGE_FACILITY_KEY_FILE'>,
): Promise<string> {
  const { EDGE_FACILITY_KEY: key, EDGE_FACILITY_KEY_FILE: file } = settings;
  if (file === undefined) return key ?? '';
  const text = await readFile(file, 'utf8');
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '') throw new Error(`${file} is empty`);
  return line;
}
