import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { accessPage } from './access-page.ts';

/** Brings `docs/access.md` up to date: `node config/roles/write-access-page.ts`. */
writeFileSync(resolve(import.meta.dirname, '../../docs/access.md'), accessPage());
