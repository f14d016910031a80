import type { SfuLinks } from './sfu-links.ts';

/** Why no picture can be shown now; undefined when one can. */
export function whyNotReady(links: Pick<SfuLinks, 'candidates' | 'down'>): string | undefined {
  const candidates = links.candidates();
  if (candidates.length === 0) return 'no sfu node is registered';
  if (candidates.some(({ reachable, record }) => reachable && !record.draining)) return undefined;
  const [down] = links.down();
  return down
    ? `sfu node ${down.nodeId} is not reachable: ${down.problem}`
    : 'every sfu node is being drained';
}
