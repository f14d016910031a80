import { useEffect, useState } from 'react';
import type { Air } from '#contract/conditions.ts';
import type { AreaStatus } from '#contract/status.ts';
import { useDesk } from '../desk/desk-context.ts';

/** The air as last measured: as the page was told, or else as asked for once, while somebody looks at the area. */
export function useAir(areaId: string, status: AreaStatus | undefined): Air | undefined {
  const { readAir } = useDesk();
  const [asked, setAsked] = useState<Air>();
  const isTold = status?.air !== undefined;
  useEffect(() => {
    if (isTold) return undefined;
    const gone = new AbortController();
    void readAir(areaId, gone.signal).then((air) => {
      if (!gone.signal.aborted) setAsked(air);
    });
    return () => gone.abort();
  }, [areaId, isTold, readAir]);
  return status?.air ?? asked;
}
