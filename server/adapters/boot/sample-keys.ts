import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FacilityId } from '#contract/ids.ts';
import { createFacilityKey, facilityOfKey } from '../../access/facility-key.ts';
import type { Registry } from '../../nation/registry.ts';
import type { FacilityKeys } from '../redis/facility-keys.ts';

/** Facility id → key. */
const SampleKeys = z.record(FacilityId, z.string().max(200));
type SampleKeys = z.infer<typeof SampleKeys>;

interface SampleKeysOptions {
  registry: Registry;
  facilityKeys: FacilityKeys;
  dataDir: string;
  now: () => number;
}

/**
 * Sample mode: every facility has a key, in `DATA_DIR/sample-keys.json` (facility id → key, readable by the owner only),
 * and Redis knows their digests. The file decides: a key in it stays the same, and is let in again when Redis has lost
 * its data.
 */
export async function settleSampleKeys({
  registry,
  facilityKeys,
  dataDir,
  now,
}: SampleKeysOptions): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'sample-keys.json');
  const facilityIds = registry.nation.facilities.map(({ id }) => id);
  const present = await readKeys(file);
  const complete = (kept: SampleKeys) =>
    Object.fromEntries(
      facilityIds.map((id) => {
        const key = kept[id];
        return [id, key !== undefined && facilityOfKey(key) === id ? key : createFacilityKey(id)];
      }),
    );
  let settled: SampleKeys;
  if (present === undefined) {
    // Of two servers that start at once, the one that comes second takes the file of the first.
    const written = await createOnce(file, complete({}));
    settled = written ?? complete((await readKeys(file)) ?? {});
  } else {
    settled = complete(present);
    if (facilityIds.some((id) => settled[id] !== present[id])) await replace(file, settled);
  }
  await chmod(file, 0o600);
  await facilityKeys.add(new Map(Object.entries(settled)), {
    createdAt: new Date(now()).toISOString(),
    sample: true,
  });
}

async function readKeys(file: string): Promise<SampleKeys | undefined> {
  try {
    return SampleKeys.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the file whole, unless somebody else has in the meantime; then undefined. */
async function createOnce(file: string, keys: SampleKeys): Promise<SampleKeys | undefined> {
  const draft = await writeDraft(file, keys);
  try {
    await link(draft, file);
    return keys;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function replace(file: string, keys: SampleKeys): Promise<void> {
  await rename(await writeDraft(file, keys), file);
}

async function writeDraft(file: string, keys: SampleKeys): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return draft;
}
