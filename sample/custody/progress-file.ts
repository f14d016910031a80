import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CaseId, FacilityId } from '#contract/ids.ts';

const StoredProgress = z.object({
  version: z.literal(1),
  sentUntil: z.iso.datetime(),
  present: z.array(z.tuple([FacilityId, CaseId])),
});

/** How far custody has told its story. */
export interface Progress {
  /** Everything that was written down by then (ms since the epoch) is acknowledged. */
  sentUntilMs: number;
  /** Whose stays had begun and not ended. */
  present: readonly (readonly [FacilityId, CaseId])[];
}

/** Remembers the progress over restarts. */
export interface ProgressFile {
  /** Null when nothing was ever sent, or the file cannot be read. */
  read(): Promise<Progress | null>;
  write(progress: Progress): Promise<void>;
}

export function createProgressFile(file: string): ProgressFile {
  return {
    async read() {
      try {
        const { sentUntil, present } = StoredProgress.parse(JSON.parse(await readFile(file, 'utf8')));
        return { sentUntilMs: Date.parse(sentUntil), present };
      } catch {
        return null;
      }
    },
    async write({ sentUntilMs, present }) {
      const stored: z.input<typeof StoredProgress> = {
        version: 1,
        sentUntil: new Date(sentUntilMs).toISOString(),
        present: present.map(([facilityId, caseId]) => [facilityId, caseId]),
      };
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.tmp`, `${JSON.stringify(stored)}\n`);
      await rename(`${file}.tmp`, file);
    },
  };
}
