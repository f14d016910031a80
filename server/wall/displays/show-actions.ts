import type { z } from 'zod';
import type { DisplayId, PushBody, Pushed, Show, TourBody } from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import type { WallContent } from '#contract/walls.ts';
import type { Person } from '../../access/account.ts';
import { common } from '../../access/scopes.ts';
import type { Registry } from '../../nation/registry.ts';
import type { DisplayChanges } from './display-changes.ts';
import type { DisplayRecord } from './display-store.ts';
import type { DisplayNews } from './news.ts';
import { afterStep, withinScope } from './show.ts';
import { spansOf } from './spans.ts';

/** Displays change so much later, all at the same moment: the news has reached them by then. */
export const LEAD_MS = 600;

interface ShowActionsOptions {
  changes: DisplayChanges;
  registry: Registry;
  publish: DisplayNews;
  now: () => number;
  newId: () => string;
  /** A kept wall that this person finds among theirs. */
  wallOf(
    person: Person,
    wallId: string,
  ): Promise<Pick<WallContent, 'places' | 'bezelXMm' | 'bezelYMm'> | undefined>;
}

export interface ShowActions {
  push(person: Person, body: z.infer<typeof PushBody>): Promise<z.infer<typeof Pushed>>;
  tour(person: Person, id: DisplayId, body: z.infer<typeof TourBody>): Promise<void>;
}

/** What is on displays: put there, gone through, taken away. */
export function showActions({
  changes,
  registry,
  publish,
  now,
  newId,
  wallOf,
}: ShowActionsOptions): ShowActions {
  const toInstant = (ms: number) => new Date(ms).toISOString();

  /** What the wall of these displays shows to each, by display; nothing where there is no wall. */
  const partsOf = async (person: Person, wallId: string | undefined, displays: readonly DisplayRecord[]) => {
    if (wallId === undefined) return () => ({});
    const wall = await wallOf(person, wallId);
    if (!wall) throw new VartaError('not_found', 'there is no such wall');
    const diagonals = new Map(displays.map(({ id, diagonalInches }) => [id, diagonalInches]));
    const spans = spansOf(wall, (id) => diagonals.get(id));
    if (displays.some(({ id }) => !spans.has(id)))
      throw new VartaError('conflict', 'the wall has other displays by now');
    const displayIds = displays.map(({ id }) => id);
    const scope = displays.reduce<Person['scope'] | undefined>(
      (all, display) => all && common(all, display.scope, registry),
      person.scope,
    );
    if (!scope) throw new VartaError('forbidden', 'nothing is within the scopes of all displays of the wall');
    const part = { showId: newId(), wallId, displayIds, scope };
    return (id: DisplayId) => ({ span: spans.get(id), part });
  };

  const push = async (person: Person, body: z.infer<typeof PushBody>): Promise<z.infer<typeof Pushed>> => {
    const displayIds = [...new Set(body.displayIds)];
    const found = await Promise.all(displayIds.map((id) => changes.find(person, id, 'display.push')));
    const displays = found.map(({ record }) => record);
    const partOf: (id: DisplayId) => Pick<Show, 'span' | 'part'> = await partsOf(
      person,
      body.wallId,
      displays,
    );
    // What is left of a wall that some of them were parts of hears that there are fewer.
    const parts = await Promise.all(displays.map((display) => changes.partsWith(display)));
    const nowMs = now();
    const pushedAt = toInstant(nowMs);
    const anchorAt = toInstant(nowMs + LEAD_MS);
    const after = await changes.change(person, displayIds, {
      action: 'display.push',
      next: (record) => {
        const own = partOf(record.id);
        const scope = common(own.part?.scope ?? record.scope, person.scope, registry);
        if (!scope) throw new VartaError('forbidden', 'nothing is within both scopes');
        const scenes = body.scenes.map((scene) => withinScope(scene, scope, registry));
        const show: Show = {
          version: record.version + 1,
          scenes: scenes.map(({ scene }) => scene),
          dwellMs: body.dwellS * 1000,
          isPaused: false,
          anchorIndex: 0,
          anchorAt,
          pushedBy: person.username,
          pushedAt,
          leftOut: scenes.reduce((sum, { leftOut }) => sum + leftOut, 0),
          ...own,
        };
        return { ...record, show };
      },
      details: (records) => ({
        scenes: body.scenes
          .map(({ name }) => name)
          .join('; ')
          .slice(0, 1000),
        areas: areasOf(records).slice(0, 1000),
        leftOut: records.reduce((sum, { show }) => sum + (show?.leftOut ?? 0), 0),
      }),
    });
    const told = new Set([...displayIds, ...parts.flat().map(({ id }) => id)]);
    await Promise.all(Array.from(told, (id) => publish(id, 'changed')));
    return {
      items: after.map(({ id, version, show }) => ({
        displayId: id,
        version,
        leftOut: show?.leftOut ?? 0,
      })),
    };
  };

  const tour = async (
    person: Person,
    id: DisplayId,
    { version, step }: z.infer<typeof TourBody>,
  ): Promise<void> => {
    const { record: asked } = await changes.find(person, id, 'display.tour');
    const { show: shown } = asked;
    if (!shown || shown.version !== version || shown.endsAt !== undefined)
      throw new VartaError('conflict', 'something else is on the display by now');
    const parts = await changes.partsWith(asked);
    const isWall = shown.part !== undefined;
    const nowMs = now();
    // On a display of its own there is nobody to wait for.
    const atMs = isWall ? nowMs + LEAD_MS : nowMs;
    const stepped = step === 'clear' ? undefined : afterStep(shown, step, { nowMs, atMs });
    await changes.change(person, [id, ...parts.map((part) => part.id).filter((other) => other !== id)], {
      action: 'display.tour',
      next: (record) => {
        const { show } = record;
        const isMeant =
          record.id === id
            ? show?.version === version
            : show !== null && show.part?.showId === shown.part?.showId;
        if (!show || !isMeant) throw new VartaError('conflict', 'something else is on the display by now');
        if (!stepped && !isWall) return { ...record, show: null };
        const next = stepped ? { ...show, ...stepped } : { ...show, endsAt: toInstant(atMs) };
        return { ...record, show: { ...next, version: record.version + 1 } };
      },
      details: () => ({ step }),
    });
    await Promise.all(parts.map((part) => publish(part.id, 'changed')));
  };

  return { push, tour };
}

/** Areas by name of what was put on displays, each once. */
function areasOf(records: readonly DisplayRecord[]): string {
  const all = records
    .flatMap(({ show }) => show?.scenes ?? [])
    .flatMap(({ fill }) =>
      fill.kind === 'areas' ? fill.areaIds.filter((id) => id !== null) : [`(${fill.kind})`],
    );
  return [...new Set(all)].join(' ');
}
