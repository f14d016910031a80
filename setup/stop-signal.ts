/** One ctrl-C may come several times: from the terminal, through npm, and through the bootstrap. */
const sameRequestMs = 1_500;

/**
 * Aborts when somebody wants everything to stop: ctrl-C, SIGTERM, a closed terminal, or the death of the process that
 * started this one. Asked again later, it ends at once and leaves its children to whoever watches over them.
 */
export function listenForStop(): { signal: AbortSignal } {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const handle = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      controller.abort(new Error('stopped'));
    } else if (performance.now() - firstAt > sameRequestMs) {
      process.exit(1);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, handle);
  process.once('disconnect', handle);
  // The channel is there to notice its end, not to keep this process alive.
  process.channel?.unref();
  // A terminal that was closed can't be written to; that is no reason to die half stopped.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  return { signal: controller.signal };
}
