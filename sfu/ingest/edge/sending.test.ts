import { describe, expect, it } from 'vitest';
import type { FeedSending } from '#contract/facility-link.ts';
import { assertSending, isSameSender, toRtpParameters } from './sending.ts';

const sending = (change: Partial<FeedSending> = {}): FeedSending => ({
  feedId: 'cell-1',
  transportId: 'transport-1',
  srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: `${'A'.repeat(59)}=` },
  codec: { payloadType: 100, rtxPayloadType: 101, profileLevelId: '42e01f' },
  layers: [
    { layer: 'low', ssrc: 1, rtxSsrc: 2 },
    { layer: 'high', ssrc: 3, rtxSsrc: 4 },
  ],
  ...change,
});

describe('assertSending', () => {
  it('takes the layers of the feed, or some of them', () => {
    expect(() => assertSending(sending(), ['low', 'high'])).not.toThrow();
    const high = sending({ layers: [{ layer: 'high', ssrc: 3, rtxSsrc: 4 }] });
    expect(() => assertSending(high, ['low', 'high'])).not.toThrow();
  });

  it.each([
    ['a layer that the feed does not have', sending(), ['low'] as const],
    [
      'layers in the wrong order',
      sending({ layers: [...sending().layers].reverse() }),
      ['low', 'high'] as const,
    ],
    [
      'a layer twice',
      sending({
        layers: [
          { layer: 'low', ssrc: 1, rtxSsrc: 2 },
          { layer: 'low', ssrc: 3, rtxSsrc: 4 },
        ],
      }),
      ['low', 'high'] as const,
    ],
    [
      'an SSRC twice',
      sending({
        layers: [
          { layer: 'low', ssrc: 1, rtxSsrc: 2 },
          { layer: 'high', ssrc: 2, rtxSsrc: 4 },
        ],
      }),
      ['low', 'high'] as const,
    ],
    [
      'a payload type twice',
      sending({ codec: { payloadType: 100, rtxPayloadType: 100, profileLevelId: '42e01f' } }),
      ['low', 'high'] as const,
    ],
  ])('refuses %s', (_, wrong, layers) => {
    expect(() => assertSending(wrong, layers)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

it('an edge’s layers are the encodings of one producer, each with its retransmissions', () => {
  const { codecs, encodings } = toRtpParameters(sending());
  expect(encodings).toEqual([
    { ssrc: 1, rtx: { ssrc: 2 } },
    { ssrc: 3, rtx: { ssrc: 4 } },
  ]);
  expect(codecs).toMatchObject([
    { mimeType: 'video/H264', payloadType: 100, parameters: { 'profile-level-id': '42e01f' } },
    { mimeType: 'video/rtx', payloadType: 101, parameters: { apt: 100 } },
  ]);
});

it('who has another key is another sender', () => {
  expect(isSameSender(sending(), sending({ layers: [] }))).toBe(true);
  const other = sending({ srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: `${'B'.repeat(59)}=` } });
  expect(isSameSender(sending(), other)).toBe(false);
});
