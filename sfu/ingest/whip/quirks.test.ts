import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import * as offers from '../../test/fixtures/offers.ts';
import * as recorded from '../../test/fixtures/recorded-offers.ts';
import { ROUTER_CODECS } from '../../workers/codecs.ts';
import { type AnswerTransport, buildAnswer } from './answer.ts';
import { negotiate } from './negotiate.ts';
import { parseOffer } from './offer.ts';

const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);
const host = { ip: '10.0.0.5', address: '10.0.0.5', port: 44400, type: 'host' } as const;
/** As mediasoup gives it. */
const transport: AnswerTransport = {
  iceParameters: { usernameFragment: 'ourufrag', password: 'ourpassword', iceLite: true },
  iceCandidates: [
    { foundation: 'udpcandidate', priority: 1076558079, protocol: 'udp', ...host },
    { foundation: 'tcpcandidate', priority: 1076302079, protocol: 'tcp', tcpType: 'passive', ...host },
  ],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'CC:DD' }] },
};

function take(sdp: string, layers = 1) {
  const offer = parseOffer(sdp);
  const negotiated = negotiate(offer, capabilities, layers);
  const text = buildAnswer({ offer, negotiated, transport, sessionId: 1 });
  return { offer, negotiated, text, answer: parse(text) };
}

describe('FFmpeg', () => {
  /** What FFmpeg 8 reads of an answer: the first candidate that has "udp" and "host" in it, from its "udp" on. */
  function readAsFfmpeg(answer: string): { protocol: string; host: string; port: number } | undefined {
    for (const line of answer.split('\r\n')) {
      const from = /^a=candidate:/.test(line) ? line.slice('a=candidate:'.length) : '';
      const rest = from.slice(from.toLowerCase().indexOf('udp'));
      if (!from.toLowerCase().includes('udp') || !rest.includes('host')) continue;
      const [, protocol, , address, port] = /^(\S{1,16}) +(\d+) +(\S{1,128}) +(\d+)/.exec(rest) ?? [];
      return { protocol: protocol ?? '', host: address ?? '', port: Number(port) };
    }
    return undefined;
  }

  it.each([
    ['8.0', offers.FFMPEG],
    ['8.0 without sound', offers.FFMPEG_SILENT],
    ['8.1', offers.FFMPEG_RTX],
    ['8.1.2', recorded.FFMPEG_8_1_2],
    ['8.1.2 without sound', recorded.FFMPEG_8_1_2_SILENT],
  ])('%s finds our address where it looks for it', (_version, sdp) => {
    expect(readAsFfmpeg(take(sdp).text)).toEqual({ protocol: 'udp', host: '10.0.0.5', port: 44400 });
  });

  it('without sound is answered with the one section that there is, though its bundle names two', () => {
    const { answer } = take(offers.FFMPEG_SILENT);
    expect(answer.media.map(({ type, mid, setup }) => [type, String(mid), setup])).toEqual([
      ['video', '1', 'active'],
    ]);
    expect(answer.groups).toEqual([{ type: 'BUNDLE', mids: 1 }]);
  });

  it.each([
    ['with sound', recorded.FFMPEG_8_1_2, ['audio 0 inactive active', 'video 1 recvonly active']],
    ['without sound', recorded.FFMPEG_8_1_2_SILENT, ['video 1 recvonly active']],
  ])('8.1.2 %s is asked for its picture alone, and greeted as the DTLS server', (_what, sdp, sections) => {
    const { media } = take(sdp).answer;
    expect(media.map(({ type, mid, direction, setup }) => [type, mid, direction, setup].join(' '))).toEqual(
      sections,
    );
  });

  it.each([
    ['with sound', recorded.FFMPEG_8_1_2],
    ['without sound', recorded.FFMPEG_8_1_2_SILENT],
  ])(
    '8.1.2 %s repeats lost packets under an SSRC that its offer names but does not describe',
    (_what, sdp) => {
      const { negotiated, text } = take(sdp);
      expect(negotiated.codecs.map(({ mimeType }) => mimeType)).toEqual(['video/H264', 'video/rtx']);
      expect(negotiated.encodings).toEqual([{ ssrc: 1624818293, rtx: { ssrc: 1624818294 } }]);
      expect(text).toContain('m=video 9 UDP/TLS/RTP/SAVPF 106 105\r\n');
      expect(text).toContain('a=rtcp-fb:106 nack\r\n');
      expect(text).toContain('a=fmtp:105 apt=106\r\n');
      expect(text).toMatch(/a=fmtp:106 .*profile-level-id=42000d/);
    },
  );

  it('may write a profile of seven digits', () => {
    const { negotiated, text } = take(offers.FFMPEG_CONSTRAINED);
    expect(negotiated.codecs[0]?.parameters).not.toHaveProperty('profile-level-id');
    expect(text).toContain('a=fmtp:106 packetization-mode=1;level-asymmetry-allowed=1\r\n');
  });

  it('is asked for lost packets again, though the line that offers it has no colon', () => {
    const { negotiated, text } = take(offers.FFMPEG_RTX_NO_COLON);
    expect(negotiated.codecs.map(({ mimeType }) => mimeType)).toEqual(['video/H264', 'video/rtx']);
    expect(negotiated.codecs[0]?.rtcpFeedback).toEqual([{ type: 'nack' }]);
    expect(negotiated.encodings).toEqual([{ ssrc: 1624818293, rtx: { ssrc: 1624818294 } }]);
    expect(text).toContain('a=rtcp-fb:106 nack\r\n');
  });
});

describe('OBS', () => {
  it('numbers its layers from the largest on, so that the low layer is the last one', () => {
    const { negotiated, text } = take(offers.OBS_SIMULCAST, 2);
    expect(negotiated.encodings).toEqual([{ rid: '2' }, { rid: '0' }]);
    expect(text).toContain('a=simulcast:recv 2;0\r\n');
    // One layer of a feed that has only one: the large one.
    expect(take(offers.OBS_SIMULCAST, 1).negotiated.encodings).toEqual([{ rid: '0' }]);
  });

  it('offers no candidates when it gathers them later, and needs none', () => {
    const { answer } = take(offers.OBS.replaceAll(/a=candidate.*\r\n/g, ''));
    expect(answer.media[1]).toMatchObject({ direction: 'recvonly' });
  });
});

describe('GStreamer', () => {
  it('offers to receive as well, which is not answered', () => {
    const { negotiated, answer } = take(recorded.GSTREAMER_WEBRTCBIN);
    expect(answer.media).toMatchObject([{ mid: 'video0', direction: 'recvonly', setup: 'passive' }]);
    expect(negotiated.encodings).toEqual([{ ssrc: 3717749537 }]);
    expect(negotiated.codecs[0]?.rtcpFeedback).toEqual([
      { type: 'nack', parameter: 'pli' },
      { type: 'ccm', parameter: 'fir' },
      { type: 'transport-cc' },
    ]);
  });
});

describe('retransmission', () => {
  const withRtx = (rtx: string) => offers.OBS.replace('SAVPF 96', 'SAVPF 96 97').concat(rtx);
  const mimeTypes = (sdp: string) => take(sdp).negotiated.codecs.map(({ mimeType }) => mimeType);

  it.each([
    ['without an SSRC to tell it by', withRtx('a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n')],
    [
      'for a format that is not there',
      withRtx('a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=99\r\na=ssrc-group:FID 3484811011 7\r\n'),
    ],
    ['without saying for which', withRtx('a=rtpmap:97 rtx/90000\r\na=ssrc-group:FID 3484811011 7\r\n')],
    [
      'that the section does not list',
      offers.OBS.concat('a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=ssrc-group:FID 3484811011 7\r\n'),
    ],
  ])('%s is not taken, so that lost packets come again as they were', (_what, sdp) => {
    expect(mimeTypes(sdp)).toEqual(['video/H264']);
    expect(take(sdp).negotiated.encodings).toEqual([{ ssrc: 3484811011 }]);
  });

  it('is taken with parameters beside apt, and once when it is offered twice', () => {
    const twice = withRtx(
      'a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96;rtx-time=2000\r\na=rtpmap:97 rtx/90000\r\na=ssrc-group:FID 3484811011 7\r\n',
    );
    expect(mimeTypes(twice)).toEqual(['video/H264', 'video/rtx']);
  });

  it('of layers by rid needs the header extension that names what is repeated', () => {
    const bare = offers.CHROMIUM_SIMULCAST.replace(/a=extmap:11 .*\r\n/, '');
    expect(mimeTypes(offers.CHROMIUM_SIMULCAST)).toContain('video/rtx');
    expect(mimeTypes(bare)).not.toContain('video/rtx');
  });
});

describe('an offer', () => {
  it('may end its lines with LF alone, and have text behind it', () => {
    const { text, answer } = take(`${offers.OBS.replaceAll('\r\n', '\n')}\n-- \nsent by an encoder\n`);
    expect(answer.media).toHaveLength(2);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('may say everything about the transport and the direction once, in the session', () => {
    const lines = recorded.GSTREAMER_WEBRTCBIN.split('\r\n');
    const moved = lines.filter((line) => /^a=(?:ice-ufrag|ice-pwd|setup|fingerprint|sendrecv)/.test(line));
    const rest = lines.filter((line) => !moved.includes(line));
    const sdp = [...rest.slice(0, 4), ...moved, ...rest.slice(4)].join('\r\n');
    expect(take(sdp).offer).toMatchObject({
      setup: 'passive',
      iceUsernameFragment: 'ZVJMKzN8yQ5mT3ZcbK4AbrjiY2R3rsm/',
    });
    expect(() => take(sdp.replace('a=sendrecv', 'a=recvonly'))).toThrow(/no video that is sent/);
  });

  it('may say it in the first section of the bundle alone', () => {
    const [head = '', video = ''] = offers.FFMPEG.split('m=video');
    const bundleOnly = video.replaceAll(/a=(?:ice-|fingerprint|setup).*\r\n/g, '').replace(' 9 ', ' 0 ');
    const sdp = `${head}m=video${bundleOnly}a=bundle-only\r\n`;
    expect(take(sdp).offer).toMatchObject({ setup: 'active', iceUsernameFragment: '5fa2e8b1' });
  });

  it.each([
    ['actpass', 'passive'],
    ['active', 'passive'],
    ['passive', 'active'],
  ])('with a=setup:%s is answered %s', (offered, answered) => {
    const { answer } = take(offers.FFMPEG.replaceAll('a=setup:passive', `a=setup:${offered}`));
    expect(answer.media.map(({ setup }) => setup)).toEqual([answered, answered]);
  });

  it.each([
    ['without cname', /a=ssrc:3484811011 cname.*\r\n/, ''],
    ['as a bare number', /a=ssrc:3484811011 cname.*\r\na=ssrc:3484811011 msid.*/, 'a=ssrc:3484811011'],
  ])('may name its SSRC %s', (_how, pattern, replacement) => {
    expect(take(offers.OBS.replace(pattern, replacement)).negotiated.encodings).toEqual([
      { ssrc: 3484811011 },
    ]);
  });

  it('may have one section and no bundle', () => {
    const single = recorded.GSTREAMER_WEBRTCBIN.replace(/a=group.*\r\n/, '').replace(/a=mid.*\r\n/, '');
    const { answer, text } = take(single);
    expect(answer.media).toHaveLength(1);
    expect(text).not.toMatch(/a=(?:group|mid)/);
  });

  it('without ICE could never connect, and is refused', () => {
    expect(() => take(offers.OBS.replace(/a=ice-ufrag.*\r\n/, ''))).toThrow(
      expect.objectContaining({ code: 'offer_unusable' }),
    );
  });
});

describe('H.264', () => {
  const profile = (id: string) => take(recorded.GSTREAMER_WEBRTCBIN.replace('42c00c', id));

  it.each([
    '42001f',
    '42e01f',
    '42c015',
    '42801f',
    '4d001f',
    '4d4028',
    '4d801e',
    '64001f',
    '640c1f',
    '641029',
  ])('of profile %s is what every browser takes, and the encoder hears its own profile again', (id) => {
    const { negotiated, text } = profile(id);
    expect(negotiated.codecs[0]?.parameters?.['profile-level-id']).toBe('42e01f');
    expect(text).toMatch(new RegExp(`a=fmtp:96 .*profile-level-id=${id}`));
  });

  it.each(['6e001f', '7a001f', 'f4001f', '58001f', '2c001f'])('of profile %s is refused', (id) => {
    expect(() => profile(id)).toThrow(expect.objectContaining({ code: 'codec_unsupported' }));
  });
});

describe('simulcast', () => {
  it('by SSRC group is taken lowest and highest', () => {
    expect(take(offers.CHROMIUM_SIM, 2).negotiated.encodings).toEqual([
      { ssrc: 2231627014, rtx: { ssrc: 632943048 } },
      { ssrc: 1131627014, rtx: { ssrc: 632943050 } },
    ]);
  });

  it.each([
    ['a=rid:q send', 'q;h;f', ['q', 'f']],
    ['q', 'f;h;q', ['q', 'f']],
  ])('by rid is ordered by names that speak for themselves (%s)', (_name, list, chosen) => {
    const sdp = offers.CHROMIUM_SIMULCAST.replace('send q;h;f', `send ${list}`);
    expect(take(sdp, 2).negotiated.encodings?.map(({ rid }) => rid)).toEqual(chosen);
  });

  it('by rid is ordered by what the layers say of their size', () => {
    const sdp = offers.CHROMIUM_SIMULCAST.replace(
      'a=rid:q send',
      'a=rid:q send max-width=1280;max-height=720',
    )
      .replace('a=rid:h send', 'a=rid:h send max-width=320;max-height=180')
      .replace('a=rid:f send', 'a=rid:f send max-width=640;max-height=360');
    expect(take(sdp, 2).negotiated.encodings).toEqual([{ rid: 'h' }, { rid: 'q' }]);
  });
});
