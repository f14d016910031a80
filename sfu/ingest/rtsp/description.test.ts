import { describe, expect, it } from 'vitest';
import { readDescription } from './description.ts';

const sdp = (...lines: string[]) =>
  ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=camera', 't=0 0', ...lines, ''].join('\r\n');
const H264 = [
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;profile-level-id=4D0029;sprop-parameter-sets=Z00AKZpmA8ARPy4C3AQEBQ==,aO48gA==',
];
const AUDIO = ['m=audio 0 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=control:trackID=2'];
const BASE = 'rtsp://10.0.0.2:554/Streaming/Channels/101/';

describe('readDescription', () => {
  it('finds the video and its parameter sets, whatever stands before it', () => {
    const found = readDescription(sdp('a=control:*', ...AUDIO, ...H264, 'a=control:trackID=1'), BASE);
    expect(found).toMatchObject({
      ok: true,
      payloadType: 96,
      controlUrl: `${BASE}trackID=1`,
      sessionUrl: BASE,
    });
    expect(found.ok && found.parameterSets.map((set) => (set[0] ?? 0) & 0x1f)).toEqual([7, 8]);
  });

  it.each([
    [
      'rtsp://10.0.0.2/cam/realmonitor?channel=1&subtype=0',
      'trackID=0',
      'rtsp://10.0.0.2/cam/realmonitor?channel=1&subtype=0/trackID=0',
    ],
    ['rtsp://10.0.0.2/axis-media/media.amp/', 'stream=0', 'rtsp://10.0.0.2/axis-media/media.amp/stream=0'],
    ['rtsp://10.0.0.2/a', '/track1', 'rtsp://10.0.0.2/a/track1'],
    ['rtsp://10.0.0.2/a', 'rtsp://10.0.0.2:554/a/track1', 'rtsp://10.0.0.2:554/a/track1'],
    ['rtsp://10.0.0.2/a', '*', 'rtsp://10.0.0.2/a'],
  ])('puts %s and %s together', (base, control, expected) => {
    expect(readDescription(sdp(...H264, `a=control:${control}`), base)).toMatchObject({
      controlUrl: expected,
    });
  });

  it('names the codec that is not H.264', () => {
    const h265 = readDescription(sdp('m=video 0 RTP/AVP 98', 'a=rtpmap:98 H265/90000', ...AUDIO), BASE);
    expect(h265).toEqual({ ok: false, code: 'codec', found: 'H265' });
    expect(readDescription(sdp('m=video 0 RTP/AVP 26'), BASE)).toMatchObject({ ok: false, code: 'codec' });
  });

  it('takes H.264 when a second video has it', () => {
    const found = readDescription(sdp('m=video 0 RTP/AVP 98', 'a=rtpmap:98 H265/90000', ...H264), BASE);
    expect(found).toMatchObject({ ok: true, payloadType: 96 });
  });

  it('says that there is no video', () => {
    expect(readDescription(sdp(...AUDIO), BASE)).toEqual({ ok: false, code: 'no-video', found: '' });
    expect(readDescription('', BASE)).toMatchObject({ ok: false, code: 'no-video' });
    expect(readDescription('<html>', BASE)).toMatchObject({ ok: false, code: 'no-video' });
  });
});
