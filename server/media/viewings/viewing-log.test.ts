import { expect, test } from 'vitest';
import type { AuditEntry } from '#contract/audit.ts';
import type { AuditDraft } from '../../audit/audit.ts';
import { ViewingLog } from './viewing-log.ts';

const watcher = {
  principal: { kind: 'person', username: 'duty-68', role: 'duty', scope: { kind: 'nation' } },
  viewerId: 'viewer-0001',
} as const;

function startLog() {
  const written: AuditDraft[] = [];
  let nowMs = Date.parse('2026-11-22T14:05:00.000Z');
  const log = new ViewingLog({
    audit: {
      append: async (_, draft) => {
        written.push(draft);
        return {} as AuditEntry;
      },
    },
    regionOf: () => 'UA-68',
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    now: () => nowMs,
  });
  const tick = (ms: number) => {
    nowMs += ms;
  };
  return { written, log, tick };
}

async function watched(seen: (log: ViewingLog, tick: (ms: number) => void) => void) {
  const { written, log, tick } = startLog();
  log.note(watcher, { opened: ['cam-1'], closed: [] });
  seen(log, tick);
  log.note(watcher, { opened: [], closed: ['cam-1'] });
  await log[Symbol.asyncDispose]();
  return written.find(({ action }) => action === 'viewing.end')?.details?.['cam-1'];
}

test('an entry says what was sent and, beside it, what could be seen', async () => {
  const told = await watched((log, tick) => {
    tick(60_000);
    log.noteSeen('viewer-0001', [
      { feedId: 'cam-1', layer: 'low', ms: 30_000 },
      { feedId: 'cam-1', layer: 'high', ms: 10_000 },
    ]);
    tick(20_000);
  });
  expect(told).toBe('2026-11-22T14:05:00.000Z/2026-11-22T14:06:20.000Z seen=40 high=10');
});

test('a page can claim no more than it was sent, and nothing of what it was not', async () => {
  const told = await watched((log, tick) => {
    tick(10_000);
    for (let report = 0; report < 3; report += 1)
      log.noteSeen('viewer-0001', [{ feedId: 'cam-1', layer: 'high', ms: 60_000 }]);
    log.noteSeen('viewer-0001', [{ feedId: 'cam-2', layer: 'high', ms: 5_000 }]);
    log.noteSeen('viewer-0002', [{ feedId: 'cam-1', layer: 'high', ms: 5_000 }]);
  });
  expect(told).toBe('2026-11-22T14:05:00.000Z/2026-11-22T14:05:10.000Z seen=10 high=10');
});

test('to open an area from the wall, and to go back, are viewings of their own', async () => {
  const { written, log, tick } = startLog();
  log.note(watcher, { opened: ['cam-1', 'cam-2'], closed: [] });
  tick(10_000);
  log.open(watcher, new Map([['cam-1', 'routine-watch']]));
  tick(10_000);
  log.noteSeen('viewer-0001', [{ feedId: 'cam-1', layer: 'high', ms: 9_000 }]);
  // Said once more, as after a reconnection: nothing new.
  log.open(watcher, new Map([['cam-1', 'routine-watch']]));
  tick(10_000);
  log.open(watcher, new Map());
  tick(10_000);
  log.note(watcher, { opened: [], closed: ['cam-1', 'cam-2'] });
  await log[Symbol.asyncDispose]();
  const of = (feedId: string) => written.flatMap(({ details }) => details?.[feedId] ?? []);
  expect(of('cam-1')).toEqual([
    '2026-11-22T14:05:00.000Z',
    '2026-11-22T14:05:00.000Z/2026-11-22T14:05:10.000Z',
    '2026-11-22T14:05:10.000Z for=routine-watch',
    '2026-11-22T14:05:10.000Z/2026-11-22T14:05:30.000Z seen=9 high=9 for=routine-watch',
    '2026-11-22T14:05:30.000Z',
    '2026-11-22T14:05:30.000Z/2026-11-22T14:05:40.000Z',
  ]);
  expect(of('cam-2')).toHaveLength(2);
});

test('what is opened before its picture comes begins with its purpose', async () => {
  const { written, log } = startLog();
  log.open(watcher, new Map([['cam-1', 'alarm']]));
  log.note(watcher, { opened: ['cam-1'], closed: [] });
  await log[Symbol.asyncDispose]();
  expect(written[0]?.details?.['cam-1']).toBe('2026-11-22T14:05:00.000Z for=alarm');
});

test('a page that says nothing leaves no claim', async () => {
  expect(await watched((_, tick) => tick(5_000))).toBe('2026-11-22T14:05:00.000Z/2026-11-22T14:05:05.000Z');
});
