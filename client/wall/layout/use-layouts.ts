import { useCallback, useEffect, useState } from 'react';
import type { Sharing } from '#contract/kept.ts';
import { type LayoutContent, LayoutList, LayoutView } from '#contract/layouts.ts';
import { useDesk } from '../../desk/desk-context.ts';
import type { FailureCode } from '../../session/failure.ts';

export interface Layouts {
  /** Undefined until the server has said. */
  items: readonly LayoutView[] | undefined;
  failure: FailureCode | undefined;
  refresh(): Promise<void>;
  /** Keeps a new one, or with `of` changes that one. */
  save(content: LayoutContent, shared: Sharing, of?: LayoutView): Promise<LayoutView | undefined>;
  remove(layout: LayoutView): Promise<void>;
}

/** Layouts that the server keeps for this person, once `isAsked`. */
export function useLayouts(isAsked: boolean): Layouts {
  const { api } = useDesk();
  const [items, setItems] = useState<readonly LayoutView[]>();
  const [failure, setFailure] = useState<FailureCode>();

  const refresh = useCallback(async () => {
    const outcome = await api.call('/api/v1/layouts', { reply: LayoutList });
    if (outcome.ok) setItems(outcome.value.items);
    setFailure(outcome.ok ? undefined : outcome.code);
  }, [api]);

  useEffect(() => {
    if (isAsked) void refresh();
  }, [isAsked, refresh]);

  const save = useCallback(
    async ({ name, grid, filter, pins }: LayoutContent, shared: Sharing, of?: LayoutView) => {
      const known = of ? { id: of.id, version: of.version } : {};
      const body = { name, grid, filter, pins, shared, ...known };
      const outcome = await api.call('/api/v1/layouts', { body, reply: LayoutView });
      await refresh();
      if (!outcome.ok) setFailure(outcome.code);
      return outcome.ok ? outcome.value : undefined;
    },
    [api, refresh],
  );

  const remove = useCallback(
    async ({ id, version }: LayoutView) => {
      const outcome = await api.call(`/api/v1/layouts/${id}/removal`, {
        body: { version },
        reply: undefined,
      });
      await refresh();
      if (!outcome.ok) setFailure(outcome.code);
    },
    [api, refresh],
  );

  return { items, failure, refresh, save, remove };
}
