import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import {
  CHROMIUM,
  CHROMIUM_SIMULCAST,
  FFMPEG,
  FFMPEG_RTX,
  GSTREAMER,
  OBS,
} from '../../test/fixtures/offers.ts';
import { ROUTER_CODECS } from '../../workers/codecs.ts';
import { type AnswerTransport, buildAnswer } from './answer.ts';
import { negotiate } from './negotiate.ts';
import { parseOffer } from './offer.ts';

const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);

const host = { ip: '10.0.0.5', address: '10.0.0.5', port: 44400, type: 'host' } as const;

const transport: AnswerTransport = {
  iceParameters: { usernameFragment: 'ourufrag', password: 'ourpassword', iceLite: true },
  iceCandidates: [
    { foundation: 'udpcandidate', priority: 1076558079, protocol: 'udp', ...host },
    { foundation: 'tcpcandidate', priority: 1076302079, protocol: 'tcp', tcpType: 'passive', ...host },
  ],
  dtlsParameters: {
    fingerprints: [
      { algorithm: 'sha-1', value: 'AA:BB' },
      { algorithm: 'sha-256', value: 'CC:DD' },
    ],
  },
};

function answer(sdp: string, layers = 1) {
  const offer = parseOffer(sdp);
  const negotiated = negotiate(offer, capabilities, layers);
  const text = buildAnswer({ offer, negotiated, transport, sessionId: 1 });
  return { text, sdp: parse(text) };
}

describe('buildAnswer', () => {
  it('receives the video with the negotiated formats, on our transport', () => {
    const { text, sdp } = answer(CHROMIUM);
    expect(sdp.media).toHaveLength(1);
    expect(sdp.media[0]).toMatchObject({
      type: 'video',
      direction: 'recvonly',
      setup: 'passive',
      iceUfrag: 'ourufrag',
      icePwd: 'ourpassword',
      fingerprint: { type: 'sha-256', hash: 'CC:DD' },
      rtcpMux: 'rtcp-mux',
      rtcpRsize: 'rtcp-rsize',
    });
    expect(text).toContain('m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n');
    expect(text).toContain('a=fmtp:97 apt=96\r\n');
    expect(text).toContain('a=rtcp-fb:96 nack pli\r\n');
    expect(text).toContain('a=candidate:1 1 udp 1076558079 10.0.0.5 44400 typ host\r\n');
    expect(text).toContain('a=candidate:2 1 tcp 1076302079 10.0.0.5 44400 typ host tcptype passive\r\n');
    expect(text).toContain('a=group:BUNDLE 0\r\n');
    expect(text).toContain('a=ice-lite\r\n');
  });

  it.each([
    ['OBS', OBS, 'passive'],
    ['FFmpeg 8.0', FFMPEG, 'active'],
    ['FFmpeg 8.1', FFMPEG_RTX, 'active'],
  ])(
    'answers the audio of %s inactive, in the bundle, with the transport that it may carry',
    (_name, offer, setup) => {
      const { text, sdp } = answer(offer);
      expect(sdp.media.map(({ type, port, direction }) => [type, port, direction])).toEqual([
        ['audio', 9, 'inactive'],
        ['video', 9, 'recvonly'],
      ]);
      expect(sdp.media[0]).toMatchObject({ iceUfrag: 'ourufrag', setup, fingerprint: { type: 'sha-256' } });
      expect(sdp.media[0]?.rtp).toMatchObject([{ payload: 111, codec: 'opus', rate: 48_000, encoding: 2 }]);
      expect(text).toContain('a=group:BUNDLE 0 1\r\n');
    },
  );

  it('rejects what is not bundled with the video', () => {
    const { sdp } = answer(OBS.replace('a=group:BUNDLE 0 1\r\n', ''));
    expect(sdp.media.map(({ port, direction }) => [port, direction])).toEqual([
      [0, 'inactive'],
      [9, 'recvonly'],
    ]);
    expect(sdp.groups).toBeUndefined();
  });

  it('rejects a data channel and takes it out of the bundle', () => {
    const withData = CHROMIUM.replace('BUNDLE 0', 'BUNDLE 0 1').concat(
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sctp-port:5000\r\n',
    );
    const { text, sdp } = answer(withData);
    expect(sdp.media[1]).toMatchObject({ type: 'application', port: 0 });
    expect(text).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
    expect(text).toContain('a=group:BUNDLE 0\r\n');
  });

  it('names the layers that are received', () => {
    const { text } = answer(CHROMIUM_SIMULCAST, 2);
    expect(text).toContain('a=rid:q recv\r\na=rid:f recv\r\n');
    expect(text).toContain('a=simulcast:recv q;f\r\n');
  });

  it("keeps the encoder's mid, and does not repeat its parameter sets", () => {
    const { text } = answer(GSTREAMER);
    expect(text).toContain('a=mid:video0\r\n');
    expect(text).toContain(
      'a=fmtp:96 packetization-mode=1;level-asymmetry-allowed=1;profile-level-id=420015\r\n',
    );
    expect(text).not.toContain('sprop');
  });
});
