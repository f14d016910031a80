import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { normsPage } from './norms-page.ts';

/** Brings `docs/norms.md` up to date: `node config/norms/write-norms-page.ts`. */
writeFileSync(resolve(import.meta.dirname, '../../docs/norms.md'), normsPage());
