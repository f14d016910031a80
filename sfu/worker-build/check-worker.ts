import type { Machine } from './machine.ts';

/** The worker's own exit code for "not started by mediasoup": it got as far as its main function. */
const notStartedByMediasoup = 41;

/** Whether this file is a worker that this machine can load and start. */
export async function workerStarts(machine: Machine, file: string): Promise<boolean> {
  const { code } = await machine.capture(file, [], { env: {} });
  return code === notStartedByMediasoup;
}
