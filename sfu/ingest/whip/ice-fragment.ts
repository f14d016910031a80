import type { IceCandidate, IceParameters } from 'mediasoup/types';
import { type MediaDescription, parse, type SessionDescription, write } from 'sdp-transform';
import { VartaError } from '#contract/errors.ts';
import { toSdpCandidates } from './candidates.ts';

/** What an encoder says of its end of ICE after the offer. */
export interface IceFragment {
  /** Absent in fragments of encoders that leave it out: then it is the one of the offer. */
  usernameFragment: string | undefined;
  password: string | undefined;
  /** How many candidates it brings. We are ICE-lite and learn addresses from the checks, so that is all there is to know. */
  candidates: number;
}

/** More candidates than any machine has addresses and protocols for. */
const MAX_CANDIDATES = 200;

/**
 * Reads `application/trickle-ice-sdpfrag` (RFC 8840).
 *
 * @throws VartaError `malformed` with the reason.
 */
export function parseIceFragment(text: string): IceFragment {
  let fragment: SessionDescription;
  try {
    fragment = parse(text);
  } catch (error) {
    throw new VartaError('malformed', 'The SDP fragment cannot be read', { cause: error });
  }
  const sections = [fragment, ...fragment.media];
  // They belong below an m= line, and some encoders send none (RFC 8840, 9.1).
  const candidates = text.match(/^a=candidate:/gm)?.length ?? 0;
  const usernameFragment = firstText(sections.map(({ iceUfrag }) => iceUfrag));
  const password = firstText(sections.map(({ icePwd }) => icePwd));
  const hasEnd = /^a=end-of-candidates/m.test(text);
  if (usernameFragment === undefined && candidates === 0 && !hasEnd) {
    throw malformed('it has no a=ice-ufrag, no a=candidate and no a=end-of-candidates');
  }
  if (candidates > MAX_CANDIDATES) throw malformed(`it has more than ${MAX_CANDIDATES} candidates`);
  // RFC 8839, 5.4
  if (usernameFragment !== undefined && !/^[A-Za-z0-9+/]{4,256}$/.test(usernameFragment)) {
    throw malformed('its a=ice-ufrag is not 4 to 256 letters, digits, + or /');
  }
  if (password !== undefined && !/^[A-Za-z0-9+/]{22,256}$/.test(password)) {
    throw malformed('its a=ice-pwd is not 22 to 256 letters, digits, + or /');
  }
  return { usernameFragment, password, candidates };
}

interface OurIce {
  iceParameters: Pick<IceParameters, 'usernameFragment' | 'password'>;
  iceCandidates: readonly IceCandidate[];
  /** The answer that the fragment belongs to. */
  sdpAnswer: string;
}

/** Our end after an ICE restart, as the answer to the encoder's fragment: what of the answer has changed. */
export function buildIceFragment({ iceParameters, iceCandidates, sdpAnswer }: OurIce): string {
  const answer = parse(sdpAnswer);
  // Every candidate belongs to the section that carries the transport: the first one that was not rejected.
  const carrier = answer.media.find(({ port }) => port !== 0);
  const section: MediaDescription = {
    type: carrier?.type ?? 'video',
    port: 9,
    protocol: carrier?.protocol ?? 'UDP/TLS/RTP/SAVPF',
    payloads: String(carrier?.payloads ?? 0),
    rtp: [],
    fmtp: [],
    ...(carrier?.mid === undefined ? {} : { mid: String(carrier.mid) }),
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    candidates: toSdpCandidates(iceCandidates),
    endOfCandidates: 'end-of-candidates',
  };
  const written = write({
    version: 0,
    origin: { username: '-', sessionId: 0, sessionVersion: 0, netType: 'IN', ipVer: 4, address: '0.0.0.0' },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    ...(answer.groups ? { groups: answer.groups } : {}),
    media: [section],
  });
  // A fragment has none of the lines that make a session (RFC 8840, 9).
  return written.replaceAll(/^[vost]=.*\r\n/gm, '');
}

function firstText(values: readonly unknown[]): string | undefined {
  const first = values.find((value) => value !== undefined);
  return first === undefined ? undefined : String(first);
}

function malformed(reason: string): VartaError {
  return new VartaError('malformed', `The SDP fragment cannot be used: ${reason}`);
}
