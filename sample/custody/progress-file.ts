import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const Progress = z.object({ version: z.literal(1), sentUntil: z.iso.datetime() });

/** Remembers up to when everything was acknowledged, over restarts. */
export interface ProgressFile {
  /** Milliseconds since the epoch; null when nothing was ever sent, or the file cannot be read. */
  read(): Promise<number | null>;
  write(sentUntilMs: number): Promise<void>;
}

export function createProgressFile(file: string): ProgressFile {
  return {
    async read() {
      try {
        const { sentUntil } = Progress.parse(JSON.parse(await readFile(file, 'utf8')));
        return Date.parse(sentUntil);
      } catch {
        return null;
      }
    },
    async write(sentUntilMs) {
      const progress: z.infer<typeof Progress> = {
        version: 1,
        sentUntil: new Date(sentUntilMs).toISOString(),
      };
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.tmp`, `${JSON.stringify(progress)}\n`);
      await rename(`${file}.tmp`, file);
    },
  };
}
