/** Keeps the screen awake while the page is seen; a browser that cannot is left as it is. */
export function keepAwake(page: Window): Disposable {
  let lock: WakeLockSentinel | undefined;
  let isOver = false;

  const hold = async () => {
    if (isOver || lock || page.document.visibilityState !== 'visible' || !('wakeLock' in page.navigator))
      return;
    try {
      const held = await page.navigator.wakeLock.request('screen');
      if (isOver) return void held.release();
      lock = held;
      held.addEventListener('release', () => {
        lock = undefined;
      });
    } catch {
      // Power saving and policies may refuse it; the next time that the page is seen it is asked for again.
    }
  };
  const handle = () => void hold();
  page.document.addEventListener('visibilitychange', handle);
  handle();
  return {
    [Symbol.dispose]() {
      isOver = true;
      page.document.removeEventListener('visibilitychange', handle);
      void lock?.release();
    },
  };
}
