import { describe, expect, it } from 'vitest';
import { parseRtpCapabilities } from './rtp-capabilities.ts';

const codec = { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 96 };
const extension = (uri: string, preferredId: number, kind = 'video') => ({ kind, uri, preferredId });
const ABS_SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const ORIENTATION = 'urn:3gpp:video-orientation';
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

describe('parseRtpCapabilities', () => {
  it('keeps video, and header extensions that earn their place on every packet', () => {
    const parsed = parseRtpCapabilities({
      codecs: [
        codec,
        { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, preferredPayloadType: 111 },
      ],
      headerExtensions: [
        extension(ABS_SEND_TIME, 4),
        extension(TRANSPORT_CC, 5),
        extension(ORIENTATION, 3),
        extension('urn:ietf:params:rtp-hdrext:toffset', 9),
      ],
    });
    expect(parsed.codecs?.map(({ mimeType }) => mimeType)).toEqual(['video/VP8']);
    expect(parsed.headerExtensions?.map(({ uri }) => uri)).toEqual([ORIENTATION]);
  });

  it('leaves no way to estimate bandwidth', () => {
    const feedback = (type: string, parameter = '') => ({ type, parameter });
    const parsed = parseRtpCapabilities({
      codecs: [
        {
          ...codec,
          rtcpFeedback: [feedback('goog-remb'), feedback('transport-cc'), feedback('nack', 'pli')],
        },
      ],
    });
    expect(parsed.codecs?.[0]?.rtcpFeedback).toEqual([feedback('nack', 'pli')]);
  });

  it.each([
    ['codecs that are no list', { codecs: 'VP8' }],
    ['a codec without a name', { codecs: [{ kind: 'video' }] }],
    ['a codec that is null', { codecs: [null] }],
    ['extensions that are numbers', { codecs: [codec], headerExtensions: [1, 2] }],
    ['far too many codecs', { codecs: Array.from({ length: 201 }, () => codec) }],
  ])('refuses %s', (_what, capabilities) => {
    expect(() => parseRtpCapabilities(capabilities)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it("does not touch what it was given, which is somebody else's", () => {
    const given = { codecs: [Object.freeze({ ...codec })] };
    parseRtpCapabilities(given);
    expect(given).toEqual({ codecs: [codec] });
  });
});
