/** How often it is looked whether somebody is left. Pages move within a second or two. */
export const LOOK_MS = 200;

interface DrainOptions {
  /** Who is there still. */
  left(): Readonly<Record<string, number>>;
  withinMs: number;
  signal: AbortSignal;
}

/** Resolves when nobody is left, when the time is over, or when the signal aborts. */
export async function untilEmpty({ left, withinMs, signal }: DrainOptions): Promise<void> {
  const isEmpty = () => Object.values(left()).every((count) => count === 0);
  if (isEmpty() || signal.aborted) return;
  const over = Promise.withResolvers<void>();
  const look = setInterval(() => {
    if (isEmpty()) over.resolve();
  }, LOOK_MS);
  const deadline = setTimeout(over.resolve, withinMs);
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  try {
    await over.promise;
  } finally {
    clearInterval(look);
    clearTimeout(deadline);
  }
}
