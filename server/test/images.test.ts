import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SfuSettings } from '../../config/settings/sfu.ts';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../docker/${name}`, import.meta.url)), 'utf8');

test.each(['server.Dockerfile', 'sfu.Dockerfile'])('what %s starts is not root', (name) => {
  const last = read(name)
    .split('\n')
    .filter((line) => line.startsWith('USER '))
    .at(-1);
  expect(last).toMatch(/^USER (?!root\b|0\b)\S+/);
});

test('whatever stops a node waits for as long as it may take to be left', () => {
  const graceS = Number(/stop_grace_period: (\d+)s$/m.exec(read('compose.yaml'))?.[1]);
  const drainMs = SfuSettings.shape.SFU_DRAIN_MS.parse(undefined);
  expect(drainMs).toBeGreaterThan(0);
  expect(graceS * 1_000).toBeGreaterThanOrEqual(drainMs + 5_000);
});

test('what we run writes to no image, has no capability, and gets none', () => {
  const services = read('compose.yaml').split(/^ {2}(?=\w+:$)/m);
  const ours = services.filter((text) => text.includes('dockerfile: docker/'));
  expect(ours).toHaveLength(2);
  for (const service of ours)
    for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true'])
      expect(service).toContain(line);
});
