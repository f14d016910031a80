/** Signs of a place's worst state, the same shapes as on tiles. */
export const ICON_NAMES = [
  '1',
  '2',
  '3',
  '4',
  'unseen',
  'calm',
  'empty',
  'unknown',
  'outside',
  'several',
  'chosen',
] as const;
export type IconName = (typeof ICON_NAMES)[number];

/** Paths in a square of 16. */
interface Icon {
  fill?: string;
  stroke?: { path: string; width: number };
}

/** Octagon, triangle, half-filled diamond, open circle as in LevelMark. */
export const ICONS: Readonly<Record<IconName, Icon>> = {
  '1': { fill: 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z' },
  '2': { fill: 'M8 1.2 15.4 14.4H.6z' },
  '3': { fill: 'M8 .9v14.2L.9 8z', stroke: { path: 'M8 1.9 14.1 8 8 14.1 1.9 8z', width: 1.6 } },
  '4': { stroke: { path: 'M8 2a6 6 0 1 0 .01 0z', width: 2.4 } },
  unseen: { stroke: { path: 'M2.5 4.5h8v7h-8zM10.5 7l3-2v6l-3-2M2 14 14 2', width: 1.5 } },
  calm: { fill: 'M8 4.8a3.2 3.2 0 1 0 .01 0z' },
  empty: { stroke: { path: 'M8 4.6a3.4 3.4 0 1 0 .01 0z', width: 1.2 } },
  unknown: { stroke: { path: 'M4 4h8v8h-8zM4 8 8 4M4 12 12 4M8 12 12 8', width: 1 } },
  outside: { fill: 'M8 6.2a1.8 1.8 0 1 0 .01 0z' },
  /** Around the sign of several facilities, and around what was chosen. */
  several: { stroke: { path: 'M8 .7a7.3 7.3 0 1 0 .01 0z', width: 0.7 } },
  chosen: { stroke: { path: 'M1 5V1h4M11 1h4v4M15 11v4h-4M5 15H1v-4', width: 1.4 } },
};
