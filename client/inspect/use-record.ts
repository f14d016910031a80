import { useState } from 'react';
import { useInspect } from './inspect-context.ts';
import type { NewRecord } from './outbox.ts';

/** Writes records on the device, all or none; says whether they are there. */
export function useRecord() {
  const { outbox } = useInspect();
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState(false);

  async function record(records: readonly NewRecord[]): Promise<boolean> {
    if (pending) return false;
    setPending(true);
    setFailed(false);
    const saved = await outbox.add(records);
    setPending(false);
    setFailed(!saved);
    return saved;
  }

  return { record, pending, failed };
}
