import type { RouterRtpCodecCapability } from 'mediasoup/types';

/**
 * H.264 profiles that browsers decode, as `profile-level-id` (RFC 6184). Level 3.1 stands for every level: asymmetry is
 * allowed, and mediasoup matches by profile. The order is that of preference when an encoder offers several:
 * constrained baseline is what every browser has.
 */
export const H264_PROFILES = {
  constrainedBaseline: '42e01f',
  baseline: '42001f',
  main: '4d001f',
  high: '64001f',
} as const;

const h264 = Object.values(H264_PROFILES).map(
  (profile): RouterRtpCodecCapability => ({
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': profile, 'level-asymmetry-allowed': 1 },
  }),
);

/** What a router forwards. mediasoup adds retransmission (rtx), NACK, PLI, FIR, REMB and transport-cc to each. */
export const ROUTER_CODECS: readonly RouterRtpCodecCapability[] = [
  ...h264,
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];
