import { useCallback, useEffect, useState } from 'react';
import { useInspect } from './inspect-context.ts';
import { isOver, Round } from './round.ts';

/** The round that goes on in this facility, kept on the device; undefined while none does, and until it was looked up. */
export function useRound(): { round: Round | undefined; setRound(round: Round | undefined): void } {
  const { facts, outbox } = useInspect();
  const key = `round/${facts.facilityId}`;
  const [round, setState] = useState<Round>();
  useEffect(() => {
    let isGone = false;
    outbox
      .recall(key, Round)
      .then((found) => {
        if (!isGone && found && !isOver(found, outbox.clock.nowMs())) setState(found);
      })
      .catch(() => {});
    return () => {
      isGone = true;
    };
  }, [key, outbox]);
  const setRound = useCallback(
    (next: Round | undefined) => {
      setState(next);
      void outbox.remember(key, next).catch(() => {});
    },
    [key, outbox],
  );
  return { round, setRound };
}
