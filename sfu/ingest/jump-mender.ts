import type { Producer, ProducerStat } from 'mediasoup/types';

/**
 * Sees that the sequence numbers of a sender have jumped, as those of a camera do that was plugged in again, and has
 * everything that it is sent to begin anew.
 *
 * The media worker follows such a jump and hands the new numbers on. What it encrypts it then does not send while they are
 * more than 1,024 below the highest that it has sent (libsrtp's window, SrtpSession.cpp): minutes of a picture that stands
 * still, of a feed that is live. When a producer has been paused, its consumers count on from what they have sent last,
 * beginning with a keyframe, which the worker asks for.
 */
export class JumpMender {
  readonly #discarded = new WeakMap<Producer, number>();

  /**
   * Takes note of a producer's figures. Of numbers that have jumped the worker discards the first packet, and no other one
   * that reaches it (RtpStream.cpp): all but jumps back by less than 1,500, with which the numbers have soon caught up.
   */
  look(producer: Producer, stats: readonly Pick<ProducerStat, 'packetsDiscarded'>[]): void {
    const discarded = stats.reduce((sum, { packetsDiscarded }) => sum + packetsDiscarded, 0);
    const before = this.#discarded.get(producer) ?? 0;
    this.#discarded.set(producer, discarded);
    if (discarded > before) void beginAnew(producer);
  }
}

/** Never rejects: it fails only with the producer or its worker, whose owner knows. */
async function beginAnew(producer: Producer): Promise<void> {
  try {
    await producer.pause();
    await producer.resume();
  } catch {
    // Closed meanwhile.
  }
}
