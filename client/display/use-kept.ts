import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import type { Kept } from '#contract/kept.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';

export interface KeptThings<K extends Kept> {
  /** Undefined until the server has said. */
  items: readonly K[] | undefined;
  failure: FailureCode | undefined;
  refresh(): Promise<void>;
  /** Keeps a new one; with `of`, in place of that version. */
  save(content: object, of?: Kept): Promise<boolean>;
  remove(thing: Kept): Promise<void>;
}

/** Things of one kind that the server keeps for this person, such as `tours`. The schemas stay the same ones. */
export function useKept<K extends Kept>(
  path: 'tours' | 'walls' | 'scenes' | 'filters',
  list: z.ZodType<{ items: K[] }>,
): KeptThings<K> {
  const { api } = useDesk();
  const [items, setItems] = useState<readonly K[]>();
  const [failure, setFailure] = useState<FailureCode>();

  const refresh = useCallback(async () => {
    const outcome = await api.call(`/api/v1/${path}`, { reply: list });
    if (outcome.ok) setItems(outcome.value.items);
    setFailure(outcome.ok ? undefined : outcome.code);
  }, [api, path, list]);
  useEffect(() => void refresh(), [refresh]);

  const save = useCallback(
    async (content: object, of?: Kept) => {
      const body = { ...content, ...(of ? { id: of.id, version: of.version } : {}) };
      const outcome = await api.call(`/api/v1/${path}`, { body, reply: undefined });
      await refresh();
      setFailure(outcome.ok ? undefined : outcome.code);
      return outcome.ok;
    },
    [api, path, refresh],
  );

  const remove = useCallback(
    async ({ id, version }: Kept) => {
      const outcome = await api.call(`/api/v1/${path}/${id}/removal`, {
        body: { version },
        reply: undefined,
      });
      await refresh();
      setFailure(outcome.ok ? undefined : outcome.code);
    },
    [api, path, refresh],
  );

  return { items, failure, refresh, save, remove };
}
