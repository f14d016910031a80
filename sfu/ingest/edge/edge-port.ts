import type { PlainTransport } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { ListenAddress } from '../../workers/addresses.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';

/** The suite that edges and nodes speak; `SrtpParameters` of the contract says the same. */
export const SRTP_CRYPTO_SUITE = 'AEAD_AES_256_GCM';

/**
 * A port for one feed's equipment, which need not be reachable itself: where its first packet comes from, there the
 * answers go. With SRTP, packets without the key are dropped before anything else is done with them.
 *
 * @throws VartaError `limit_reached` when no port of the range is free.
 */
export function openEdgePort(
  worker: MediaWorker,
  listen: ListenAddress,
  media: 'rtp' | 'srtp',
): Promise<PlainTransport> {
  return worker.router
    .createPlainTransport({
      listenInfo: { protocol: 'udp', ...listen, portRange: worker.portRange },
      rtcpMux: true,
      comedia: true,
      ...(media === 'srtp' ? { enableSrtp: true, srtpCryptoSuite: SRTP_CRYPTO_SUITE } : {}),
    })
    .catch((error: Error) => {
      if (worker.closed) throw error;
      throw new VartaError('limit_reached', 'No port is free for this feed', { cause: error });
    });
}
