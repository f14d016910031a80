import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import type { AuditDraft } from './audit.ts';
import { EMPTY_CHAIN, formatHead, type Head, nextEntry, parseHead, verifyChain } from './chain.ts';

const DRAFT: AuditDraft = {
  actor: { kind: 'person', id: 'duty-68' },
  action: 'flag.raise',
  resource: 'area:ua-68-itt-2-cell-4',
  outcome: 'done',
  details: { severity: 1, note: 'так' },
};

function chainOfLength(length: number, chain: AuditEntry['chain'] = 'UA-68'): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let head: Head = EMPTY_CHAIN;
  for (let index = 0; index < length; index += 1) {
    const entry = nextEntry(chain, head, { ...DRAFT, details: { index } }, 1_000 * index);
    entries.push(entry);
    head = entry;
  }
  return entries;
}

test('an entry keeps to the wire and survives it', () => {
  const [entry] = chainOfLength(1);
  expect(AuditEntry.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
});

test('the hash is over the canonical form: known once, known for ever', () => {
  // Computed with another implementation (Python: sorted keys, no spaces, UTF-8).
  const entry = nextEntry('nation', EMPTY_CHAIN, DRAFT, Date.UTC(2026, 10, 22));
  expect(entry.hash).toBe('8e8fba114052d6e4f8c768eb07d81333cf24e35785dbd73ef658ac26bde5d229');
});

test('a chain is verified from its start, and from any entry onwards', () => {
  const entries = chainOfLength(5);
  const head = { seq: 5, hash: entries[4]?.hash };
  expect(verifyChain(entries)).toEqual({ ok: true, head });
  expect(verifyChain(entries.slice(2), entries[1])).toEqual({ ok: true, head });
  expect(verifyChain([])).toEqual({ ok: true, head: EMPTY_CHAIN });
});

test('any entry changed, removed, inserted or moved is found', () => {
  const changes: Record<string, (entries: AuditEntry[], at: number) => AuditEntry[]> = {
    changed: (entries, at) => entries.map((e, i) => (i === at ? { ...e, resource: 'area:another-one' } : e)),
    'detail changed': (entries, at) =>
      entries.map((e, i) => (i === at ? { ...e, details: { index: -1 } } : e)),
    'outcome changed': (entries, at) =>
      entries.map((e, i) => (i === at ? { ...e, outcome: 'refused' as const } : e)),
    removed: (entries, at) => entries.toSpliced(at, 1),
    doubled: (entries, at) => entries.toSpliced(at, 0, ...entries.slice(at, at + 1)),
    moved: (entries, at) => entries.toSpliced(at, 2, ...entries.slice(at, at + 2).toReversed()),
    'of another chain': (entries, at) => entries.with(at, chainOfLength(10, 'UA-30').at(at) ?? missing()),
    'rewritten with its hash': (entries, at) =>
      entries.with(at, nextEntry('UA-68', entries[at - 1] ?? EMPTY_CHAIN, DRAFT, 77)),
  };
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(changes)), fc.integer({ min: 0, max: 8 }), (name, at) => {
      const tampered = changes[name]?.(chainOfLength(10), at) ?? missing();
      const verdict = verifyChain(tampered);
      expect(verdict.ok).toBe(false);
      if (!verdict.ok) expect(Math.abs(verdict.seq - (at + 1))).toBeLessThanOrEqual(1);
    }),
  );
});

test('a head is read as it was written, and nothing else is taken for one', () => {
  const [entry] = chainOfLength(1);
  expect(parseHead(formatHead(entry ?? missing()))).toEqual({ seq: 1, hash: entry?.hash });
  expect(parseHead(formatHead(EMPTY_CHAIN))).toEqual(EMPTY_CHAIN);
  for (const text of ['1', 'x y', '1 abc', `-1 ${'0'.repeat(64)}`]) expect(() => parseHead(text)).toThrow();
});

function missing(): never {
  throw new Error('not there');
}
