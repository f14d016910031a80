import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FacilityId } from '#contract/ids.ts';

/** Facility id → key, as the server writes it in sample mode. */
const SampleKeys = z.record(FacilityId, z.string().min(20).max(200));

/** At most so often is the file read again because a key was refused. */
const REREAD_AFTER_MS = 1_000;

/** The keys of the sample facilities. */
export interface KeyRing {
  get(facilityId: FacilityId): string | undefined;
  /** A key was refused: there may be newer ones. Resolves when the file was read, or could not be. */
  refresh(): Promise<void>;
}

/** Keys from a file that need not be there yet; then there are none until a refresh. */
export function createKeyRing(file: string, now: () => number = () => performance.now()): KeyRing {
  let keys: Readonly<Record<FacilityId, string>> = {};
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      keys = SampleKeys.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      // Not there yet, or being written: what is known stays, and the next refusal leads here again.
    } finally {
      readAtMs = now();
      reading = undefined;
    }
  }

  return {
    get: (facilityId) => keys[facilityId],
    refresh() {
      if (reading) return reading;
      if (now() - readAtMs < REREAD_AFTER_MS) return Promise.resolve();
      reading = read();
      return reading;
    },
  };
}
