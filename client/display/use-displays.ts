import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { DisplayList, type DisplayView, type TourBody } from '#contract/displays.ts';
import { SceneList, type SceneView } from '#contract/scenes.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';

const POLL_MS = 3_000;

export interface DisplaysState {
  displays: readonly DisplayView[] | undefined;
  scenes: readonly SceneView[];
  /** Of what was asked for by hand last, or of the last look. */
  failure: FailureCode | undefined;
  /** Asks again at once. */
  refresh(): void;
  tour(display: DisplayView, step: z.infer<typeof TourBody>['step']): Promise<void>;
}

/** Displays and scenes as the server knows them, while the page is open. */
export function useDisplays(): DisplaysState {
  const { api } = useDesk();
  const [displays, setDisplays] = useState<readonly DisplayView[]>();
  const [scenes, setScenes] = useState<readonly SceneView[]>([]);
  const [lost, setLost] = useState<FailureCode>();
  const [refused, setRefused] = useState<FailureCode>();
  const look = useRef(() => {});
  const refresh = useCallback(() => look.current(), []);

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const read = async () => {
      const [list, kept] = await Promise.all([
        api.call('/api/v1/displays', { reply: DisplayList, signal }),
        api.call('/api/v1/scenes', { reply: SceneList, signal }),
      ]);
      if (signal.aborted) return;
      if (list.ok) setDisplays(list.value.items);
      if (kept.ok) setScenes(kept.value.items);
      setLost(list.ok ? undefined : list.code);
    };
    look.current = () => void read();
    void read();
    const timer = setInterval(() => void read(), POLL_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [api]);

  const tour = useCallback(
    async ({ id, show }: DisplayView, step: z.infer<typeof TourBody>['step']) => {
      const body = { version: show?.version ?? 1, step };
      const outcome = await api.call(`/api/v1/displays/${id}/tour`, { body, reply: undefined });
      setRefused(outcome.ok ? undefined : outcome.code);
      refresh();
    },
    [api, refresh],
  );

  return { displays, scenes, failure: refused ?? lost, refresh, tour };
}
