import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { createLiveStore, type LiveState, withSnapshot } from '../store/live-store.ts';
import { UNKNOWN_REGION } from '../store/region-sync.ts';
import { indexRegistry } from '../store/registry.ts';
import { NOON, sampleArea, sampleSnapshot, sampleWireRegistry } from './samples.ts';

interface Known {
  areas?: readonly Area[];
  statuses?: readonly AreaStatus[];
  feeds?: readonly FeedStatus[];
  flags?: readonly Flag[];
}

/** What a page knows that has one region with these areas, as of sequence number 10. */
export function liveStateOf({
  areas = [sampleArea()],
  statuses = [],
  feeds = [],
  flags = [],
}: Known): LiveState {
  const registry = indexRegistry(sampleWireRegistry({ areas: [...areas] }));
  const snapshot = sampleSnapshot({ areas: [...statuses], feeds: [...feeds], flags: [...flags] });
  const { regions } = withSnapshot({ 'UA-68': UNKNOWN_REGION }, { at: NOON, regions: [snapshot] }, undefined);
  return { ...createLiveStore().getState(), registry, regions };
}
