import { useEffect, useState } from 'react';
import { GeometryReply } from '#contract/geometry.ts';
import { useDesk } from '../desk/desk-context.ts';
import { type Shapes, shapesOf } from './geo/shapes.ts';

/** How long to wait before outlines that did not come are asked for again. */
const AGAIN_MS = 10_000;

/** The nation's outlines: undefined until they are there, null for a nation that has none. */
export function useGeometry(): Shapes | null | undefined {
  const { api } = useDesk();
  const [shapes, setShapes] = useState<Shapes | null>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void api.call('/api/v1/geometry', { reply: GeometryReply, signal: ended.signal }).then((outcome) => {
      if (ended.signal.aborted) return;
      if (outcome.ok) setShapes(outcome.value.geometry && shapesOf(outcome.value.geometry));
      else timer = setTimeout(() => setAttempt(attempt + 1), AGAIN_MS);
    });
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [api, attempt]);
  return shapes;
}
