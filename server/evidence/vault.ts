import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VartaError } from '#contract/errors.ts';
import type { EvidenceId } from '#contract/evidence.ts';
import type { RegionId } from '#contract/ids.ts';
import { sha256 } from './manifest.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What a file begins with; the byte after it is the length of the key's name. */
const MAGIC = Buffer.from('VEV1', 'latin1');

export interface VaultKey {
  id: string;
  bytes: Buffer;
}

/** What evidence is a folder of. */
export interface EvidencePlace {
  regionId: RegionId;
  id: EvidenceId;
}

interface VaultOptions {
  directory: string;
  /** The first one encrypts. */
  keys: readonly [VaultKey, ...VaultKey[]];
  maxBytes: number;
}

/**
 * Stills and clips on disk: `region/evidence/SHA-256`, each encrypted with AES-256-GCM and bound to that place. A file is
 * there whole or not at all, also after a power cut.
 */
export class Vault {
  readonly #options: VaultOptions;
  #usedBytes = 0;

  constructor(options: VaultOptions) {
    this.#options = options;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  get isFull(): boolean {
    return this.#usedBytes >= this.#options.maxBytes;
  }

  /** Keeps bytes under their SHA-256, durable when this resolves. @throws what the disk says. */
  async put(place: EvidencePlace, digest: string, bytes: Buffer): Promise<void> {
    const folder = this.#folder(place);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const sealed = this.#seal(bytes, aboutOf(place, digest));
    const fresh = join(folder, `${randomUUID()}.part`);
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(sealed);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, join(folder, digest));
    // The names as well, up to the folder that was there before.
    for (const path of [folder, join(folder, '..'), this.#options.directory]) await syncFolder(path);
    this.#usedBytes += sealed.length;
  }

  /**
   * The bytes of this SHA-256.
   *
   * @throws VartaError `store_unavailable` when they are not on this disk, `personal_key_missing` without their key,
   * `internal` when they are not what was put there.
   */
  async get(place: EvidencePlace, digest: string): Promise<Buffer> {
    const sealed = await readFile(join(this.#folder(place), digest)).catch((error: unknown) => {
      throw new VartaError('store_unavailable', 'the picture is not on the disk of this server', {
        cause: error,
      });
    });
    const bytes = this.#open(sealed, aboutOf(place, digest));
    if (sha256(bytes) !== digest) throw new VartaError('internal', 'the picture is not what was kept');
    return bytes;
  }

  /** Takes everything of a piece of evidence away. */
  async erase(place: EvidencePlace): Promise<void> {
    await rm(this.#folder(place), { recursive: true, force: true });
  }

  /** What there is folders of in a region, with when each was touched last (ms since 1970); counts a region's bytes anew. */
  async *folders(regionId: RegionId): AsyncGenerator<{ id: string; touchedMs: number; bytes: number }> {
    const region = join(this.#options.directory, regionId);
    for (const id of await names(region)) {
      const folder = join(region, id);
      let bytes = 0;
      for (const name of await names(folder)) bytes += (await sizeOf(join(folder, name))) ?? 0;
      const touchedMs = await stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      );
      if (touchedMs !== undefined) yield { id, touchedMs, bytes };
    }
  }

  /** What was counted on the disk. */
  noteUsed(bytes: number): void {
    this.#usedBytes = bytes;
  }

  #folder({ regionId, id }: EvidencePlace): string {
    return join(this.#options.directory, regionId, id);
  }

  #seal(bytes: Buffer, about: string): Buffer {
    const [{ id, bytes: key }] = this.#options.keys;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(about));
    const name = Buffer.from(id);
    const head = Buffer.concat([MAGIC, Buffer.from([name.length]), name, iv]);
    return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  #open(sealed: Buffer, about: string): Buffer {
    const nameEnd = 5 + (sealed[4] ?? 0);
    const id = sealed.subarray(5, nameEnd).toString();
    const key = this.#options.keys.find((one) => one.id === id);
    if (!sealed.subarray(0, 4).equals(MAGIC)) throw new VartaError('internal', 'the file is none of ours');
    if (!key) throw new VartaError('personal_key_missing', `there is no key ${id}`);
    try {
      const begin = nameEnd + IV_BYTES;
      const end = sealed.length - TAG_BYTES;
      const decipher = createDecipheriv(ALGORITHM, key.bytes, sealed.subarray(nameEnd, begin), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(about))
        .setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(begin, end)), decipher.final()]);
    } catch (error) {
      throw new VartaError('internal', 'the picture is not what was kept', { cause: error });
    }
  }
}

function aboutOf({ regionId, id }: EvidencePlace, digest: string): string {
  return `${regionId}/${id}/${digest}`;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const names = (folder: string) => readdir(folder).catch((): string[] => []);

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
