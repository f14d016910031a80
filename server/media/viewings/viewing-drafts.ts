import type { AuditActor } from '#contract/audit.ts';
import type { FeedId, RegionId, ViewerId } from '#contract/ids.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { AuditDraft } from '../../audit/audit.ts';

/** A picture of a feed began for somebody, or ended. */
export type ViewingNote = {
  actor: AuditActor;
  /** On a display: who put there what it shows. */
  shift?: string | undefined;
  viewerId: ViewerId;
  feedId: FeedId;
  regionId: RegionId;
  fromMs: number;
  /** What the area was opened for; undefined on a wall. */
  purpose?: PurposeId | undefined;
} & ({ kind: 'begin' } | { kind: 'end'; toMs: number; seen?: SeenTime | undefined });

/** For how long a feed could truly be seen within a viewing, as the page says. */
export interface SeenTime {
  ms: number;
  /** Of it, as a large picture. */
  highMs: number;
}

/** Feeds in one entry, so that no entry grows without a bound. */
const MAX_FEEDS_IN_ENTRY = 64;

/**
 * Audit entries for these notes, in their order: one for each viewer, region and kind, naming each feed once. In the
 * details, `viewerId` says which page it was, `shift` who answers for what a display shows; every other key is a feed, with the instant of its beginning, or its
 * interval (ISO 8601): the time in which the feed was sent to the page. After it, unless the page said nothing, `seen`: the
 * seconds in which it could truly be seen, and `high`: those of them in which the picture was a large one. Last, where the
 * area was opened, `for`: its purpose.
 */
export function toViewingDrafts(
  notes: readonly ViewingNote[],
): { regionId: RegionId; draft: AuditDraft; notes: ViewingNote[] }[] {
  const open = new Map<string, Map<FeedId, ViewingNote>>();
  const full: Map<FeedId, ViewingNote>[] = [];
  for (const note of notes) {
    const key = [note.regionId, note.kind, note.actor.kind, note.actor.id, note.viewerId, note.shift].join(
      ' ',
    );
    let feeds = open.get(key);
    if (!feeds || feeds.has(note.feedId) || feeds.size >= MAX_FEEDS_IN_ENTRY) {
      feeds = new Map();
      open.set(key, feeds);
      full.push(feeds);
    }
    feeds.set(note.feedId, note);
  }
  return full.flatMap((feeds) => {
    const inside = [...feeds.values()];
    const [first] = inside;
    return first ? [{ regionId: first.regionId, draft: toDraft(first, inside), notes: inside }] : [];
  });
}

function toDraft(first: ViewingNote, notes: readonly ViewingNote[]): AuditDraft {
  return {
    actor: first.actor,
    action: first.kind === 'begin' ? 'viewing.begin' : 'viewing.end',
    resource: `region:${first.regionId}`,
    outcome: 'done',
    details: {
      viewerId: first.viewerId,
      ...(first.shift === undefined ? {} : { shift: first.shift }),
      ...Object.fromEntries(notes.map((note) => [note.feedId, toInterval(note)])),
    },
  };
}

function toInterval(note: ViewingNote): string {
  const from = new Date(note.fromMs).toISOString();
  const purpose = note.purpose === undefined ? '' : ` for=${note.purpose}`;
  if (note.kind === 'begin') return `${from}${purpose}`;
  const interval = `${from}/${new Date(note.toMs).toISOString()}`;
  const seen = note.seen ? ` seen=${toSeconds(note.seen.ms)} high=${toSeconds(note.seen.highMs)}` : '';
  return `${interval}${seen}${purpose}`;
}

function toSeconds(ms: number): number {
  return Math.round(ms / 1_000);
}
