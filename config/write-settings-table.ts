import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withSettingsTable } from './settings/readme.ts';

/** Brings the README's table of settings up to date: `node config/write-settings-table.ts`. */
const readme = resolve(import.meta.dirname, '../README.md');
writeFileSync(readme, withSettingsTable(readFileSync(readme, 'utf8')));
