import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readFacilityKey } from './facility-key.ts';

it('comes from the settings, or anew from the first line of a file each time', async () => {
  expect(await readFacilityKey({ EDGE_FACILITY_KEY: 'key' })).toBe('key');
  const directory = await mkdtemp(join(tmpdir(), 'varta-key-'));
  const EDGE_FACILITY_KEY_FILE = join(directory, 'key');
  try {
    await writeFile(EDGE_FACILITY_KEY_FILE, 'first\n');
    expect(await readFacilityKey({ EDGE_FACILITY_KEY_FILE })).toBe('first');
    await writeFile(EDGE_FACILITY_KEY_FILE, 'second');
    expect(await readFacilityKey({ EDGE_FACILITY_KEY_FILE })).toBe('second');
    await writeFile(EDGE_FACILITY_KEY_FILE, '\nsecond');
    await expect(readFacilityKey({ EDGE_FACILITY_KEY_FILE })).rejects.toThrow(/is empty/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
