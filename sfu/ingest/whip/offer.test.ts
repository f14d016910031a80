import { describe, expect, it } from 'vitest';
import {
  CHROMIUM,
  CHROMIUM_SIMULCAST,
  FFMPEG,
  FFMPEG_RTX,
  GSTREAMER,
  OBS,
} from '../../test/fixtures/offers.ts';
import { parseOffer } from './offer.ts';

describe('parseOffer', () => {
  it('reads Chromium: formats in the order of preference, rtx by apt, one SSRC with its retransmission', () => {
    const offer = parseOffer(CHROMIUM);
    expect(offer.codecs.map(({ name }) => name)).toEqual([
      ...['VP8', 'H264', 'H264', 'H264', 'H264', 'AV1', 'H265', 'ulpfec'],
    ]);
    expect(offer.codecs[0]).toMatchObject({ payloadType: 96, rtxPayloadType: 97, clockRate: 90_000 });
    expect(offer.encodings).toEqual([{ ssrc: 2231627014, rtx: { ssrc: 632943048 } }]);
    expect(offer).toMatchObject({
      mid: '0',
      videoIndex: 0,
      setup: 'passive',
      rids: [],
      reducedSizeRtcp: true,
    });
    expect(offer.dtlsParameters.role).toBe('client');
  });

  it('reads the names of simulcast layers', () => {
    const offer = parseOffer(CHROMIUM_SIMULCAST);
    expect(offer.rids).toEqual(['q', 'h', 'f']);
    expect(offer.encodings).toEqual([{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }]);
  });

  it('reads OBS: the second section, and the transport from the session', () => {
    const offer = parseOffer(OBS);
    expect(offer).toMatchObject({ videoIndex: 1, mid: '1', cname: 'NOjVmYfiIuzWQDdz' });
    expect(offer.encodings).toEqual([{ ssrc: 3484811011 }]);
  });

  it('takes the other role when FFmpeg wants to be the DTLS server', () => {
    const offer = parseOffer(FFMPEG);
    expect(offer.setup).toBe('active');
    expect(offer.dtlsParameters.role).toBe('server');
  });

  it('pairs the retransmission that FFmpeg 8.1 offers', () => {
    const offer = parseOffer(FFMPEG_RTX);
    expect(offer.codecs).toHaveLength(1);
    expect(offer.codecs[0]).toMatchObject({ payloadType: 106, rtxPayloadType: 105 });
    expect(offer.encodings).toEqual([{ ssrc: 1624818293, rtx: { ssrc: 1624818294 } }]);
  });

  it('keeps a profile of digits as text, and parameter sets whole', () => {
    const [codec] = parseOffer(GSTREAMER).codecs;
    expect(codec?.parameters['profile-level-id']).toBe('420015');
    expect(codec?.parameters['sprop-parameter-sets']).toBe('Z0LAFdoFB+wEQAAAAwBAAAAPA8WLqA==,aM48gA==');
  });

  it.each([
    ['is no SDP', 'hello'],
    ['is only the first line', 'v=0\r\n'],
    ['has no video', OBS.replace('m=video 57210', 'm=application 9')],
    ['has video that is only received', CHROMIUM.replace('a=sendonly', 'a=recvonly')],
    ['has a rejected video', CHROMIUM.replace('m=video 9', 'm=video 0')],
    ['has plain RTP', CHROMIUM.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['has no certificate', CHROMIUM.replace(/a=fingerprint.*\r\n/, '')],
    ['has a certificate of an unknown kind', CHROMIUM.replace('sha-256', 'md5')],
    ['has an unknown DTLS role', CHROMIUM.replace('a=setup:actpass', 'a=setup:holdconn')],
    ['has more sections than any encoder', OBS + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(20)],
  ])('refuses an offer that %s', (_what, sdp) => {
    expect(() => parseOffer(sdp)).toThrow(expect.objectContaining({ code: 'offer_unusable' }));
  });
});
