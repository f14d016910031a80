import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { describe, expect, it } from 'vitest';
import {
  CHROMIUM,
  CHROMIUM_H264,
  CHROMIUM_SIM,
  CHROMIUM_SIMULCAST,
  FFMPEG,
  FFMPEG_RTX,
  GSTREAMER,
  OBS,
  OBS_HEVC,
} from '../../test/fixtures/offers.ts';
import { ROUTER_CODECS } from '../../workers/codecs.ts';
import { negotiate } from './negotiate.ts';
import { parseOffer } from './offer.ts';

const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);
const take = (sdp: string, layers = 1) => negotiate(parseOffer(sdp), capabilities, layers);

describe('negotiate', () => {
  it('takes the kind of codec that the encoder prefers, with its retransmission', () => {
    const { codecs, encodings } = take(CHROMIUM);
    expect(codecs.map(({ mimeType, payloadType }) => [mimeType, payloadType])).toEqual([
      ['video/VP8', 96],
      ['video/rtx', 97],
    ]);
    expect(encodings).toEqual([{ ssrc: 2231627014, rtx: { ssrc: 632943048 } }]);
  });

  it('takes constrained baseline when several profiles of H.264 are offered', () => {
    expect(take(CHROMIUM_H264).codecs[0]).toMatchObject({
      mimeType: 'video/H264',
      payloadType: 109,
      parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
    });
  });

  it.each([
    ['OBS', OBS, 96],
    ['FFmpeg 8.0', FFMPEG, 106],
    ['FFmpeg 8.1', FFMPEG_RTX, 106],
    ['GStreamer', GSTREAMER, 96],
  ])('takes the H.264 of %s', (_name, sdp, payloadType) => {
    expect(take(sdp).codecs[0]).toMatchObject({ mimeType: 'video/H264', payloadType });
  });

  it.each(['420015', '42e028', '4d0028', '4D401F', '640028'])('takes H.264 profile %s', (profile) => {
    expect(take(GSTREAMER.replace('420015', profile)).codecs[0]?.mimeType).toBe('video/H264');
  });

  it('takes H.264 without a profile, which is baseline', () => {
    expect(take(OBS.replace('profile-level-id=42e01f;', '')).codecs[0]?.mimeType).toBe('video/H264');
  });

  it('names only header extensions that are of use here', () => {
    expect(take(CHROMIUM).headerExtensions).toEqual([
      { uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', id: 2 },
      { uri: 'urn:3gpp:video-orientation', id: 3 },
      { uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', id: 4 },
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 9 },
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 10 },
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', id: 11 },
    ]);
  });

  it('takes the lowest and the highest of three layers, and one where the feed has one', () => {
    expect(take(CHROMIUM_SIMULCAST, 2).encodings).toEqual([{ rid: 'q' }, { rid: 'f' }]);
    expect(take(CHROMIUM_SIMULCAST, 1).encodings).toEqual([{ rid: 'f' }]);
  });

  it('tells packets apart by mid when the offer names no SSRC', () => {
    const withoutSsrc = CHROMIUM.split('a=ssrc-group')[0] ?? '';
    expect(take(withoutSsrc)).toMatchObject({ mid: '0', encodings: [{}] });
  });

  it('refuses an offer whose packets could not be told apart', () => {
    const anonymous = (CHROMIUM.split('a=ssrc-group')[0] ?? '').replace(/a=extmap:9 .*\r\n/, '');
    expect(() => take(anonymous)).toThrow(expect.objectContaining({ code: 'offer_unusable' }));
  });

  it.each([
    ['two layers', CHROMIUM_SIM.replace('3331627014 1131627014', '3331627014 2231627014')],
    [
      'a layer and its retransmission',
      CHROMIUM_SIM.replace('FID 2231627014 632943048', 'FID 2231627014 2231627014'),
    ],
    ['two retransmissions', CHROMIUM_SIM.replace('632943050', '632943048')],
  ])('refuses one SSRC for %s', (_name, sdp) => {
    expect(() => take(sdp, 2)).toThrow(expect.objectContaining({ code: 'offer_unusable' }));
  });

  it.each(['72', '128', '200', '352'])('takes no format under the number %s', (payloadType) => {
    const renumbered = OBS.replace('SAVPF 96', `SAVPF ${payloadType}`).replaceAll(
      /:96 /g,
      `:${payloadType} `,
    );
    expect(() => take(renumbered)).toThrow(expect.objectContaining({ code: 'codec_unsupported' }));
  });

  it.each([
    ['H.265', OBS_HEVC, /H265.*H\.264 without B-frames.*OBS/],
    ['AV1', OBS.replace('H264/90000', 'AV1/90000').replace(/a=fmtp:96.*\r\n/, ''), /AV1.*H\.264/],
    ['packetization-mode 0', OBS.replace('packetization-mode=1;', ''), /packetization-mode=1/],
    ['H.264 4:4:4', OBS.replace('42e01f', 'f4001f'), /profile.*baseline/],
  ])('refuses %s and names the setting that fixes it', (_name, sdp, message) => {
    expect(() => take(sdp)).toThrow(
      expect.objectContaining({ code: 'codec_unsupported', message: expect.stringMatching(message) }),
    );
  });
});
