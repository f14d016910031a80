import type { RtpEncodingParameters } from 'mediasoup/types';
import { type MediaDescription, parseSimulcastStreamList, type SessionDescription } from 'sdp-transform';
import { parseFmtp } from './fmtp.ts';
import { orderLayers } from './layer-order.ts';
import { toText } from './offered-codecs.ts';

/** Layers that the encoder names with `a=rid … send` and sends as simulcast (RFC 8853); alternatives are not used. */
export function readRids(session: SessionDescription, video: MediaDescription): string[] {
  const { simulcast } = video;
  const list =
    simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.dir2 === 'send' ? simulcast.list2 : undefined;
  if (!list) return [];
  const declared = new Map(
    (video.rids ?? [])
      .filter((rid) => rid.direction === 'send')
      .map((rid) => [String(rid.id), parseFmtp(toText(rid.params))]),
  );
  const named = new Set(
    parseSimulcastStreamList(String(list)).map((alternatives) => String(alternatives[0]?.scid ?? '')),
  );
  const layers = [...named].flatMap((rid) => {
    const restrictions = declared.get(rid);
    return restrictions ? [{ rid, restrictions }] : [];
  });
  return orderLayers(layers, session);
}

/** SSRCs by `a=ssrc` (RFC 5576), with their retransmission SSRC; layers by `ssrc-group:SIM`, lowest first. */
export function readSsrcEncodings(video: MediaDescription): RtpEncodingParameters[] {
  const rtxOf = new Map<number, number>();
  let simulcast: number[] = [];
  for (const group of video.ssrcGroups ?? []) {
    const ssrcs = String(group.ssrcs).split(' ').map(Number).filter(isSsrc);
    if (group.semantics === 'SIM') simulcast = ssrcs;
    const [media, rtx] = ssrcs;
    if (group.semantics === 'FID' && media !== undefined && rtx !== undefined) rtxOf.set(media, rtx);
  }
  const retransmissions = new Set(rtxOf.values());
  const named = [
    ...new Set([...(video.ssrcs ?? []).map((line) => Number(line.id)), ...bareSsrcs(video)]),
  ].filter(isSsrc);
  const first = named.find((ssrc) => !retransmissions.has(ssrc));
  const media = simulcast.length > 0 ? simulcast : first === undefined ? [] : [first];
  return media.map((ssrc) => {
    const rtx = rtxOf.get(ssrc);
    return rtx === undefined ? { ssrc } : { ssrc, rtx: { ssrc: rtx } };
  });
}

/** `a=ssrc` lines that say nothing but the number. */
function bareSsrcs(video: MediaDescription): number[] {
  return (video.invalid ?? []).flatMap(({ value }) => {
    const ssrc = /^ssrc:(\d+)\s*$/.exec(String(value))?.[1];
    return ssrc === undefined ? [] : [Number(ssrc)];
  });
}

function isSsrc(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0xffff_ffff;
}
