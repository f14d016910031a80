import type { RouterRtpCodecCapability, RtpParameters } from 'mediasoup/types';

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

type H264Profile = (typeof H264_PROFILES)[keyof typeof H264_PROFILES];

const toH264 = (profile: H264Profile) => ({
  mimeType: 'video/H264',
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': profile, 'level-asymmetry-allowed': 1 },
});

const h264 = Object.values(H264_PROFILES).map(
  (profile): RouterRtpCodecCapability => ({ kind: 'video', ...toH264(profile) }),
);

/** What a router forwards. mediasoup adds retransmission (rtx), NACK, PLI, FIR, REMB and transport-cc to each. */
export const ROUTER_CODECS: readonly RouterRtpCodecCapability[] = [
  ...h264,
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];

interface H264Stream {
  payloadType: number;
  /** One for each layer. */
  ssrcs: readonly number[];
  /** The sender can be asked for a keyframe. */
  givesKeyframes: boolean;
}

/**
 * What comes in as H.264 as every browser has it. The profile that the sender really uses may be another one, known only
 * when it plays; browsers go by what the stream says. Without NACK: equipment that sends plain RTP keeps no packets to send
 * again, and nothing else that we take in loses any on the way.
 */
export function toH264Parameters({ payloadType, ssrcs, givesKeyframes }: H264Stream): RtpParameters {
  const rtcpFeedback = [
    { type: 'nack', parameter: 'pli' },
    { type: 'ccm', parameter: 'fir' },
  ];
  return {
    codecs: [
      {
        ...toH264(H264_PROFILES.constrainedBaseline),
        payloadType,
        ...(givesKeyframes ? { rtcpFeedback } : {}),
      },
    ],
    encodings: ssrcs.map((ssrc) => ({ ssrc })),
  };
}
