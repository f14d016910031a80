import { useEffect, useState } from 'react';
import { keepOffline, type OfflineReadiness } from '../offline/register.ts';

/** Keeps the page on this device, and says whether it is kept. Asking twice does no harm: browsers keep one worker. */
export function useOfflineReadiness(): OfflineReadiness {
  const [readiness, setReadiness] = useState<OfflineReadiness>('checking');
  useEffect(() => {
    const store = keepOffline(navigator);
    setReadiness(store.getState());
    return store.subscribe(setReadiness);
  }, []);
  return readiness;
}
