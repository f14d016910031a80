import type { RtpCodecParameters } from 'mediasoup/types';
import { describe, expect, it } from 'vitest';
import type { OfferedCodec } from '../../ingest/whip/offered-codecs.ts';
import { chooseFormat } from './player-format.ts';

const h264 = (payloadType: number, profile?: string, change: Partial<OfferedCodec> = {}): OfferedCodec => ({
  payloadType,
  name: 'H264',
  clockRate: 90_000,
  parameters: { 'packetization-mode': '1', ...(profile ? { 'profile-level-id': profile } : {}) },
  feedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'transport-cc' }],
  ...change,
});
const vp8 = (payloadType: number): OfferedCodec => ({
  ...h264(payloadType),
  name: 'VP8',
  parameters: {},
});
const feed = (profile: string): RtpCodecParameters => ({
  mimeType: 'video/H264',
  payloadType: 100,
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': profile },
});
const VP8_FEED: RtpCodecParameters = { mimeType: 'video/VP8', payloadType: 101, clockRate: 90_000 };

describe('the format of a player', () => {
  it('is under the number of the offer, with the feedback that is answered', () => {
    expect(chooseFormat([vp8(96), h264(109, '42e01f')], feed('42e01f'))).toEqual({
      payloadType: 109,
      feedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
      parameters: {
        'level-asymmetry-allowed': 1,
        'packetization-mode': 1,
        'profile-level-id': '42e01f',
      },
    });
    expect(chooseFormat([h264(109, '42e01f'), vp8(96)], VP8_FEED)).toMatchObject({
      payloadType: 96,
      parameters: {},
    });
  });

  it.each([
    ['the same profile, wherever it stands', '42e01f', ['64001f', '4d001f', '42001f', '42e034'], '42e034'],
    ['constrained baseline by a decoder of more', '42e01f', ['64001f', '4d001f'], '4d001f'],
    ['baseline as browsers offer it', '42001f', ['42e01f'], '42e01f'],
    ['main by high', '4d001f', ['42e01f', '64001f'], '64001f'],
    ['main of which the flags say constrained baseline', '42e01f', ['64001f', '4d801f'], '4d801f'],
    ['constrained high by high', '640c1f', ['64001f'], '64001f'],
  ])('%s', (_what, profile, offered, chosen) => {
    const codecs = offered.map((one, index) => h264(96 + index, one));
    expect(chooseFormat(codecs, feed(profile)).payloadType).toBe(96 + offered.indexOf(chosen));
  });

  it.each([
    ['high by a decoder of less', feed('64001f'), [h264(96, '42e01f'), h264(97, '4d001f')]],
    ['main by baseline', feed('4d001f'), [h264(96, '42e01f'), h264(97, '42001f')]],
    ['another packetization', feed('42e01f'), [h264(96, '42e01f', { parameters: {} })]],
    ['another codec', feed('42e01f'), [vp8(96)]],
    ['nothing', VP8_FEED, []],
    ['another clock', VP8_FEED, [{ ...vp8(96), clockRate: 48_000 }]],
    ['a profile that nobody knows', feed('f4001f'), [h264(96, 'f4001f')]],
  ])('not %s', (_what, sent, codecs) => {
    expect(() => chooseFormat(codecs, sent)).toThrow(
      expect.objectContaining({
        code: 'codec_unsupported',
        message: expect.stringContaining('This feed is'),
      }),
    );
  });
});
