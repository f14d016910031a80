/** How often it is looked whether somebody is left. Pages move within a second or two. */
export const LOOK_MS = 200;

/** How long a node waits to be left: until the time is over (ms), or the signal aborts. */
interface DrainLimits {
  withinMs: number;
  signal: AbortSignal;
}

interface DrainPorts {
  /** Whether there is another node; rejects without Redis. */
  hasOtherNode(): Promise<boolean>;
  /** From now on nothing new is taken on; whoever can go elsewhere is told to. */
  letOthersTake(): Promise<void>;
  /** Who is there still. */
  left(): Readonly<Record<string, number>>;
  log: { info(fields: object, message: string): void };
}

/**
 * Lets others take what a node has, where there are others. Resolves when nobody is left, when the time is over, or when
 * the signal aborts.
 */
export async function drainNode(
  limits: DrainLimits,
  { hasOtherNode, letOthersTake, left, log }: DrainPorts,
): Promise<void> {
  // Without Redis nobody would hear of it either.
  if (!(await hasOtherNode().catch(() => false))) {
    log.info(left(), 'there is no other node to go to');
    return;
  }
  await letOthersTake();
  await untilEmpty({ ...limits, left });
  log.info(left(), 'drained');
}

interface EmptyOptions extends DrainLimits, Pick<DrainPorts, 'left'> {}

/** Resolves when nobody is left, when the time is over, or when the signal aborts. */
async function untilEmpty({ left, withinMs, signal }: EmptyOptions): Promise<void> {
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
