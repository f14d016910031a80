import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { EvidenceCustody, EvidencePage } from '#contract/evidence.ts';
import { AuditPage } from '../audit/AuditPage.tsx';
import { ABOUT, KEPT } from '../test/evidence-samples.ts';
import { inMinutes } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';

const HASH = '0'.repeat(64);
const { expiresAt: _, ...REST } = KEPT;
const ERASED = {
  ...REST,
  id: '0191d0a0-0000-7000-8000-00000000000b',
  state: 'erased',
  erasedAt: inMinutes(60 * 24 * 90),
};

let dispose = () => {};
afterEach(() => dispose());

/** What was done with it, as the audit has it. */
function custodyOf(...done: (readonly [string, string])[]) {
  return EvidenceCustody.parse({
    items: done.map(([id, action], index) => ({
      chain: 'UA-68',
      seq: 40 + index,
      at: inMinutes(index),
      actor: { kind: id === 'evidence' || id === 'retention' ? 'system' : 'person', id },
      action,
      resource: `evidence:${ABOUT.id}`,
      outcome: 'done',
      details: {},
      prevHash: HASH,
      hash: HASH,
    })),
  });
}

test('the audit has all evidence, also what was erased, and of each who did what with it, in its order', async () => {
  const custody = custodyOf(
    ['evidence', 'evidence.take'],
    ['evidence', 'evidence.keep'],
    ['anna', 'evidence.read'],
    ['retention', 'evidence.erase'],
  );
  const page = createTestDesk({
    actions: ['status.read', 'audit.read', 'evidence.read'],
    get: (asking) => {
      if (asking.endsWith('/custody')) return { ok: true, value: custody };
      if (asking.startsWith('/api/v1/evidence?'))
        return { ok: true, value: EvidencePage.parse({ items: [ERASED, KEPT], nextCursor: null }) };
      return undefined;
    },
  });
  dispose = () => page.desk[Symbol.dispose]();
  const { hook } = memoryLocation({ path: '/audit/evidence' });
  const screen = await render(
    <Router hook={hook}>
      <Surroundings desk={page.desk}>
        <Route path="/audit/*?">
          <AuditPage />
        </Route>
      </Surroundings>
    </Router>,
  );
  await expect.element(screen.getByText('Стерто', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('Збережено', { exact: true })).toBeVisible();
  const [erased] = screen.getByText('Що з ним робили').elements();
  await screen.getByText('Що з ним робили').first().click();
  const lines = () =>
    [...(erased?.parentElement?.querySelectorAll('li') ?? [])].map((line) => line.textContent);
  await expect.poll(() => lines().length).toBe(4);
  const words = ['№ 40', '№ 41', 'anna · перегляд кадру чи відео', 'стирання кадру й відео'];
  for (const [index, line] of lines().entries())
    expect(line?.replaceAll('\u00a0', ' ')).toContain(words[index]);
});
