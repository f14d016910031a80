import type { PipeTransport } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import { PipeEnd } from '#contract/mesh.ts';
import type { ListenAddress } from '../workers/addresses.ts';
import type { MediaWorker } from '../workers/media-worker.ts';

/**
 * Opens this node's end of a pipe: SRTP, because it leaves the machine, and retransmission, because the network between
 * two sites loses packets.
 *
 * @throws VartaError `limit_reached` when no port of the range is free.
 */
export async function openPipe(worker: MediaWorker, listen: ListenAddress): Promise<PipeTransport> {
  return worker.router
    .createPipeTransport({
      listenInfo: { protocol: 'udp', ...listen, portRange: worker.portRange },
      enableRtx: true,
      enableSrtp: true,
    })
    .catch((error: Error) => {
      if (worker.closed) throw error;
      throw new VartaError('limit_reached', 'No port is free for this pipe', { cause: error });
    });
}

/** What the other end has to know of this one. */
export function toPipeEnd(transport: PipeTransport): PipeEnd {
  const { localAddress, localPort } = transport.tuple;
  return PipeEnd.parse({ ip: localAddress, port: localPort, srtpParameters: transport.srtpParameters });
}

/** The place of a node that a worker is; one that replaces it is another. */
export function toLane(worker: MediaWorker): string {
  return `${worker.index}-${worker.pid}`;
}
