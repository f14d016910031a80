import type { PlainTransport } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { ListenAddress } from '../../workers/addresses.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import type { RestingPorts } from './resting-ports.ts';

/** The suite that edges and nodes speak; `SrtpParameters` of the contract says the same. */
export const SRTP_CRYPTO_SUITE = 'AEAD_AES_256_GCM';

/** Ports are drawn at random: of a range that is mostly in use, so many draws may all be of ports that rest. */
const MAX_DRAWS = 8;
/** And a page of feeds that are opened at once shall not take the last ports of the range by drawing. */
const MAX_PASSED_OVER = 16;

export interface EdgePortOptions {
  listen: ListenAddress;
  /** Those that were closed just now; this one is noted there when it closes. */
  resting: RestingPorts;
}

/**
 * A port for one feed's equipment, which need not be reachable itself: where its first packet comes from, there the
 * answers go. With SRTP, packets without the key are dropped before anything else is done with them. Without it whoever
 * is first is heard, so it is no port to which somebody may still be sending, if another can be had.
 *
 * @throws VartaError `limit_reached` when no port of the range is free.
 */
export async function openEdgePort(
  worker: MediaWorker,
  options: EdgePortOptions,
  media: 'rtp' | 'srtp',
): Promise<PlainTransport> {
  const { listen, resting } = options;
  const transport = await (media === 'srtp' ? bind(worker, listen, media) : bindRested(worker, options));
  const { localPort } = transport.tuple;
  transport.observer.once('close', () => resting.noteClosed(localPort));
  return transport;
}

async function bindRested(
  worker: MediaWorker,
  options: EdgePortOptions,
  draws = MAX_DRAWS,
): Promise<PlainTransport> {
  const { listen, resting } = options;
  const transport = await bind(worker, listen, 'rtp');
  const isRested = !resting.has(transport.tuple.localPort);
  if (isRested || draws === 1 || resting.passedOver >= MAX_PASSED_OVER) return transport;
  // It is kept until another is found: it could be drawn again.
  resting.passedOver += 1;
  const other = await bindRested(worker, options, draws - 1).catch(() => undefined);
  resting.passedOver -= 1;
  if (!other) return transport;
  transport.close();
  return other;
}

function bind(worker: MediaWorker, listen: ListenAddress, media: 'rtp' | 'srtp'): Promise<PlainTransport> {
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
