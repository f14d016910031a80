import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import type { Kept } from '#contract/kept.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { contentOf } from './kept-content.ts';

/** A kept thing as somebody gets it: areas that they may not see are left out, and counted. */
export type KeptItem = Kept & { leftOut: number };

/** Kinds of things that the server keeps, as they stand in its paths. */
export type KeptPath = 'layouts' | 'filters' | 'scenes' | 'tours' | 'walls';

/** What a list of them is answered with. */
export type KeptList<K extends KeptItem> = z.ZodObject<{
  items: z.ZodArray<z.ZodType<K>>;
  nextCursor: z.ZodNull;
}>;

export interface KeptThings<K extends KeptItem> {
  path: KeptPath;
  list: KeptList<K>;
  /** Undefined until the server has said. */
  items: readonly K[] | undefined;
  failure: FailureCode | undefined;
  /** What was taken away last and can still be brought back. */
  removed: K | undefined;
  refresh(): Promise<void>;
  /** Keeps a new one; with `of`, in place of that version. Undefined where it was refused. */
  save(content: object, of?: Kept): Promise<K | undefined>;
  /** Makes what an earlier version held the present one, shared as `of` is now; with the same one twice, brings it back. */
  restore(version: Kept, of: Kept): Promise<K | undefined>;
  remove(thing: K): Promise<void>;
}

/** Things of one kind that the server keeps for this person, once `isAsked`. The schemas stay the same ones. */
export function useKept<K extends KeptItem>(
  path: KeptPath,
  list: KeptList<K>,
  isAsked = true,
): KeptThings<K> {
  const { api } = useDesk();
  const [items, setItems] = useState<readonly K[]>();
  const [failure, setFailure] = useState<FailureCode>();
  const [removed, setRemoved] = useState<K>();

  const refresh = useCallback(async () => {
    const outcome = await api.call(`/api/v1/${path}`, { reply: list });
    if (outcome.ok) setItems(outcome.value.items);
    setFailure(outcome.ok ? undefined : outcome.code);
  }, [api, path, list]);
  useEffect(() => {
    if (isAsked) void refresh();
  }, [isAsked, refresh]);

  const save = useCallback(
    async (content: object, of?: Kept) => {
      const body = { ...content, ...(of ? { id: of.id, version: of.version } : {}) };
      const outcome = await api.call(`/api/v1/${path}`, { body, reply: list.shape.items.element });
      await refresh();
      if (!outcome.ok) setFailure(outcome.code);
      if (!outcome.ok) return undefined;
      setRemoved((before) => (before?.id === outcome.value.id ? undefined : before));
      return outcome.value;
    },
    [api, path, list, refresh],
  );

  const restore = useCallback(
    (version: Kept, of: Kept) => save({ ...contentOf(version), shared: of.shared }, of),
    [save],
  );

  const remove = useCallback(
    async (thing: K) => {
      const { id, version } = thing;
      const outcome = await api.call(`/api/v1/${path}/${id}/removal`, {
        body: { version },
        reply: undefined,
      });
      await refresh();
      if (outcome.ok) setRemoved(thing);
      else setFailure(outcome.code);
    },
    [api, path, refresh],
  );

  return { path, list, items, failure, removed, refresh, save, restore, remove };
}
