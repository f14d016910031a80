import { expect, test } from 'vitest';
import { ACTIONS } from '../../config/roles/roles.ts';
import { auditTexts as en } from './texts-en.ts';
import { auditTexts as uk } from './texts-uk.ts';

test('whatever the policy may refuse has a name for those who read the audit', () => {
  const keys = Object.keys(ACTIONS).map((action) => action.replaceAll('.', '_'));
  for (const { audit } of [uk, en])
    expect(keys.filter((key) => !Object.hasOwn(audit.actions, key))).toEqual([]);
});
