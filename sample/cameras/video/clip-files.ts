import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Encoded loops on disk, within a bound: who was not used for longest goes first. */
export interface ClipFiles {
  /** The bytes of a file; undefined when there is none. */
  read(name: string): Promise<Buffer | undefined>;
  write(name: string, bytes: Buffer): Promise<void>;
  /** Bytes on disk now. */
  readonly bytes: number;
}

/** Opens a folder of loops, and makes it if it is missing. What lies in it beyond the bound is removed. */
export async function openClipFiles(dir: string, maxBytes: number): Promise<ClipFiles> {
  await mkdir(dir, { recursive: true });
  // In the order of last use: a Map keeps the order of insertion.
  const sizes = new Map<string, number>();
  for (const { name, bytes } of await listByUse(dir)) sizes.set(name, bytes);
  let total = sizes.values().reduce((sum, bytes) => sum + bytes, 0);

  async function remove(name: string): Promise<void> {
    total -= sizes.get(name) ?? 0;
    sizes.delete(name);
    await rm(join(dir, name), { force: true });
  }

  async function makeRoom(bytes: number): Promise<void> {
    for (const name of [...sizes.keys()]) {
      if (total + bytes <= maxBytes) return;
      await remove(name);
    }
  }

  async function put(name: string, bytes: Buffer): Promise<void> {
    await remove(name);
    if (bytes.length > maxBytes) return;
    await makeRoom(bytes.length);
    const draft = join(dir, `${name}.${randomUUID()}.tmp`);
    try {
      await writeFile(draft, bytes);
      await rename(draft, join(dir, name));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    total += bytes.length;
    sizes.set(name, bytes.length);
  }

  /** One after another: two writers at once could both find the same room. */
  let writing: Promise<void> = Promise.resolve();

  await makeRoom(0);
  return {
    get bytes() {
      return total;
    },
    async read(name) {
      const size = sizes.get(name);
      if (size === undefined) return undefined;
      sizes.delete(name);
      sizes.set(name, size);
      try {
        const bytes = await readFile(join(dir, name));
        const now = new Date();
        await utimes(join(dir, name), now, now);
        return bytes;
      } catch {
        // Somebody tidied the folder: then it is encoded again.
        await remove(name);
        return undefined;
      }
    },
    write(name, bytes) {
      const write = writing.then(() => put(name, bytes));
      writing = write.catch(() => undefined);
      return write;
    },
  };
}

/** A folder of loops that somebody else has filled and that is only read; without one there are none. */
export function readClipsIn(dir: string | undefined): Pick<ClipFiles, 'read'> {
  return {
    read: async (name) => (dir === undefined ? undefined : readFile(join(dir, name)).catch(() => undefined)),
  };
}

/** Files with the one that was not used for longest first. Drafts of an earlier life are removed. */
async function listByUse(dir: string): Promise<{ name: string; bytes: number; usedAtMs: number }[]> {
  const files: { name: string; bytes: number; usedAtMs: number }[] = [];
  for (const name of await readdir(dir)) {
    if (name.endsWith('.tmp')) {
      await rm(join(dir, name), { force: true });
      continue;
    }
    const { size, mtimeMs } = await stat(join(dir, name));
    files.push({ name, bytes: size, usedAtMs: mtimeMs });
  }
  return files.sort((a, b) => a.usedAtMs - b.usedAtMs);
}
