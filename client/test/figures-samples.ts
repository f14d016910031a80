import {
  DIGEST_COLUMNS,
  type DigestCell,
  type DigestReply,
  type Figures,
  type FiguresReply,
} from '#contract/figures.ts';
import { NOON } from './samples.ts';

/** Figures for tests: valid by the contract, each with what the test is about overridden. */
export function sampleFigures(over: Partial<Figures> = {}): Figures {
  return {
    begun: 0,
    closed: 0,
    personDays: 0,
    heldSeconds: 0,
    dark: [],
    limits: [],
    lawyer: {
      within1h: 0,
      within6h: 0,
      later: 0,
      none: 0,
      unassigned: 0,
      medianMinutes: null,
      worstMinutes: null,
    },
    checks: { onTime: 0, late: 0, missed: 0 },
    complaints: { byKind: {}, byOutcome: {} },
    hotline: { byKind: {}, byOutcome: {} },
    force: {},
    restraints: 0,
    space: { seconds: 0, under4Seconds: 0, under3Seconds: 0, meanM2: null, leastM2: null },
    ...over,
  };
}

export function sampleFiguresReply(over: Partial<FiguresReply> = {}): FiguresReply {
  return {
    from: '2026-11-01',
    to: '2026-11-30',
    timeZone: 'Europe/Kyiv',
    asOf: NOON,
    complete: true,
    sample: true,
    total: { place: { kind: 'nation' }, figures: sampleFigures() },
    rows: [],
    days: [],
    ...over,
  };
}

/** All cells of a row with the same content. */
export function sampleCells(cell: DigestCell): Record<string, DigestCell> {
  return Object.fromEntries(DIGEST_COLUMNS.map((column) => [column, cell]));
}

export function sampleDigest(over: Partial<DigestReply> = {}): DigestReply {
  return {
    month: '2026-11',
    asOf: NOON,
    provisional: false,
    complete: true,
    sample: false,
    smallest: 5,
    rows: [{ regionId: 'UA-68', reporting: true, cells: sampleCells({ is: 'value', value: 7 }) }],
    total: sampleCells({ is: 'value', value: 7 }),
    ...over,
  };
}
