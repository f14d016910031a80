import { aggregate, fitInto, isUsable, MAX_PAYLOAD_BYTES, NAL, type Unit, unitsOf } from './h264-payload.ts';
import { RTP_HEADER_BYTES, readRtp, toSenderReport, writeRtpHeader } from './rtp-packet.ts';
import type { StreamClock } from './stream-clock.ts';

/** Milliseconds between sender reports; one goes with the first packet. */
const REPORT_EVERY_MS = 1_500;
/** So many packets missing in a row are told to the receiver as missing; more are a new beginning. */
const MAX_GAP = 500;

export interface LayerStreamOptions {
  ssrc: number;
  payloadType: number;
  /** Where the numbers of packets begin, 0 to 65,535. */
  firstSequence: number;
  clock: StreamClock;
  /** Milliseconds since 1970. */
  now: () => number;
  send(packet: Buffer): void;
  /** A payload of the picture with this timestamp of ours; a keyframe begins in it. */
  onPayload(payload: Buffer, timestamp: number, isKeyframe: boolean): void;
}

/**
 * One layer on its way from a camera to the worker: the camera's packets with our SSRC, numbers and clock. They go on
 * without a break when the camera has to be pulled anew. Parameter sets are put before every keyframe that comes
 * without them, and packets that are too long for the way to a viewer are cut.
 */
export class LayerStream {
  readonly #options: LayerStreamOptions;
  #sequence: number;
  #inputSequence: number | undefined;
  #inputPayloadType = 0;
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;
  /** Timestamp of the picture that has its parameter sets already. */
  #equipped: number | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #packets = 0;
  #octets = 0;

  constructor(options: LayerStreamOptions) {
    this.#options = options;
    this.#sequence = options.firstSequence;
  }

  /** The camera begins (anew). */
  begin({ payloadType, parameterSets }: { payloadType: number; parameterSets: readonly Buffer[] }): void {
    this.#inputPayloadType = payloadType;
    this.#inputSequence = undefined;
    this.#equipped = undefined;
    this.#options.clock.restart();
    this.#sps = undefined;
    this.#pps = undefined;
    for (const unit of parameterSets) this.#keep(unit);
  }

  /** A packet of the camera's; what is not a packet of the video is dropped. */
  push(packet: Buffer): void {
    const rtp = readRtp(packet);
    if (!rtp || rtp.payloadType !== this.#inputPayloadType || !isUsable(rtp.payload)) return;
    const nowMs = this.#options.now();
    this.#skipMissing(rtp.sequence);
    const timestamp = this.#options.clock.toTimestamp(rtp.timestamp, nowMs);
    const units = unitsOf(rtp.payload);
    for (const unit of units) this.#handleUnit(unit, timestamp);
    const isKeyframe = units.some(({ type }) => type === NAL.idr);
    this.#options.onPayload(rtp.payload, timestamp, isKeyframe);
    const payloads = fitInto(rtp.payload);
    for (const [index, payload] of payloads.entries())
      this.#send(payload, timestamp, rtp.marker && index === payloads.length - 1);
    if (nowMs - this.#reportedAt >= REPORT_EVERY_MS) this.#report(nowMs);
  }

  #skipMissing(input: number): void {
    const step = this.#inputSequence === undefined ? 1 : (input - this.#inputSequence) & 0xffff;
    this.#inputSequence = input;
    if (step > 1 && step <= MAX_GAP) this.#sequence = (this.#sequence + step - 1) & 0xffff;
  }

  #handleUnit({ type, bytes }: Unit, timestamp: number): void {
    if (type === NAL.sps) this.#equipped = timestamp;
    if (bytes && (type === NAL.sps || type === NAL.pps)) this.#keep(Buffer.from(bytes));
    if (type !== NAL.idr || this.#equipped === timestamp) return;
    this.#equipped = timestamp;
    const sets = [this.#sps, this.#pps].filter((set) => set !== undefined);
    const payload = sets.length > 0 ? aggregate(sets) : undefined;
    if (payload && payload.length <= MAX_PAYLOAD_BYTES) this.#send(payload, timestamp, false);
  }

  #keep(unit: Buffer): void {
    const type = (unit[0] ?? 0) & 0x1f;
    if (type === NAL.sps) this.#sps = unit;
    else if (type === NAL.pps) this.#pps = unit;
  }

  #send(payload: Buffer, timestamp: number, marker: boolean): void {
    const { ssrc, payloadType, send } = this.#options;
    const packet = Buffer.allocUnsafe(RTP_HEADER_BYTES + payload.length);
    writeRtpHeader(packet, { payloadType, marker, sequence: this.#sequence, timestamp, ssrc });
    packet.set(payload, RTP_HEADER_BYTES);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#octets += payload.length;
    send(packet);
  }

  #report(nowMs: number): void {
    const { ssrc, clock, send } = this.#options;
    this.#reportedAt = nowMs;
    const timestamp = clock.timestampAt(nowMs);
    send(toSenderReport({ ssrc, atMs: nowMs, timestamp, packets: this.#packets, octets: this.#octets }));
  }
}
