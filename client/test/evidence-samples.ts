import type { Flag } from '#contract/flags.ts';
import { inMinutes, NOON } from './samples.ts';

export const FACILITY = 'ua-68-itt-2';
const CELL = `${FACILITY}-cell-4`;
/** What the evidence below is of. */
export const FLAG: Flag = {
  id: '7b0e4a9a-6c53-4dbb-8c4d-1f1d3f4b9a11',
  regionId: 'UA-68',
  facilityId: FACILITY,
  areaId: CELL,
  category: 'force',
  severity: 1,
  note: '',
  state: 'raised',
  history: [{ state: 'raised', by: { kind: 'person', id: 'anna', name: 'anna' }, at: NOON }],
  version: 1,
};
export const HASH = '0123456789abcdef'.repeat(4);
/** What every record of it says. */
export const ABOUT = {
  id: '0191d0a0-0000-7000-8000-00000000000a',
  regionId: 'UA-68',
  facilityId: FACILITY,
  areaId: CELL,
  feedId: `${CELL}-cam-1`,
  flagId: FLAG.id,
  cause: { kind: 'flag' },
  at: NOON,
};
const file = {
  bytes: 400_000,
  sha256: HASH,
  from: NOON,
  to: NOON,
  pictures: 1,
  width: 320,
  height: 180,
  layer: 'low',
};
/** One that was cut at a gate. */
export const KEPT = {
  state: 'kept',
  ...ABOUT,
  manifest: {
    format: 'varta-evidence/1',
    nation: 'UA',
    ...ABOUT,
    node: 'sfu-1',
    preMs: 10_000,
    postMs: 15_000,
    end: 'ended',
    cutBefore: inMinutes(1),
    files: [
      { ...file, name: 'still.jpg', kind: 'still', mediaType: 'image/jpeg' },
      { ...file, name: 'clip-1.mp4', kind: 'video', mediaType: 'video/mp4', pictures: 300 },
    ],
    gaps: [],
    keptAt: inMinutes(1),
    kid: 'audit-1',
    hash: HASH,
    signature: 'A'.repeat(86),
  },
  expiresAt: inMinutes(60 * 24 * 90),
};
