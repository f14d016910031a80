import { useEffect, useRef, useState } from 'react';
import { GeometryReply } from '#contract/geometry.ts';
import { useDesk, useLive } from '../desk/desk-context.ts';
import { type Shapes, shapesOf } from './geo/shapes.ts';

/** How long to wait before outlines that did not come are asked for again. */
const AGAIN_MS = 10_000;

/** The nation's outlines: undefined until they are there, null for a nation that has none. */
export function useGeometry(): Shapes | null | undefined {
  const { api } = useDesk();
  const renewed = useRenewedRegistry();
  const [known, setKnown] = useState<{ of: string | undefined; shapes: Shapes | null }>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void api.call('/api/v1/geometry', { reply: GeometryReply, signal: ended.signal }).then((outcome) => {
      if (ended.signal.aborted) return;
      if (outcome.ok) {
        const { geometry } = outcome.value;
        setKnown({ of: renewed, shapes: geometry && shapesOf(geometry) });
      } else timer = setTimeout(() => setAttempt(attempt + 1), AGAIN_MS);
    });
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [api, attempt, renewed]);
  // Those of another nation are not drawn.
  return known?.of === renewed ? known?.shapes : undefined;
}

/** The version of a registry that has taken the place of the first one; undefined as long as that one holds. */
function useRenewedRegistry(): string | undefined {
  const version = useLive(({ registry }) => registry?.version);
  const first = useRef(version);
  first.current ??= version;
  return version === first.current ? undefined : version;
}
