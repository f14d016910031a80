import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { withSettingsTable } from './readme.ts';
import { settingsTable } from './table.ts';

it('keeps the table of settings in the README as the schemas have it', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
  expect(readme, 'run: node config/write-settings-table.ts').toBe(withSettingsTable(readme));
});

it('says what each setting is, and which are needed', () => {
  const rows = settingsTable().split('\n').slice(2);
  expect(rows.every((row) => row.split('|')[4]?.trim() !== '')).toBe(true);
  expect(rows.find((row) => row.includes('`PORT`'))).toContain('`8080`');
  expect(rows.find((row) => row.includes('`GRANT_PRIVATE_JWK`'))).toContain('**needed**');
});

it('refuses a README without the marks', () => {
  expect(() => withSettingsTable('# Varta')).toThrow(/marks/);
});
