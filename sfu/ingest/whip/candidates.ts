import type { IceCandidate } from 'mediasoup/types';
import type { MediaDescription } from 'sdp-transform';

type SdpCandidate = NonNullable<MediaDescription['candidates']>[number];

/**
 * Our candidates as `a=candidate` lines say them. Foundations are numbers: mediasoup's own are called `udpcandidate` and
 * `tcpcandidate`, and FFmpeg 8 looks for the protocol as the first "udp" in the line.
 */
export function toSdpCandidates(candidates: readonly IceCandidate[]): SdpCandidate[] {
  const foundations = [...new Set(candidates.map(({ foundation }) => foundation))];
  return candidates.map((candidate) => ({
    foundation: String(foundations.indexOf(candidate.foundation) + 1),
    component: 1,
    transport: candidate.protocol,
    priority: candidate.priority,
    ip: candidate.address,
    port: candidate.port,
    type: candidate.type,
    ...(candidate.tcpType ? { tcptype: candidate.tcpType } : {}),
  }));
}
