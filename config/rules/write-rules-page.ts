import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rulesPage } from './rules-page.ts';

/** Brings `docs/rules.md` up to date: `node config/rules/write-rules-page.ts`. */
writeFileSync(resolve(import.meta.dirname, '../../docs/rules.md'), rulesPage());
