/**
 * After a publication was ended for a fault of its settings, the next one is refused with the reason for this long, in
 * milliseconds: encoders that reconnect by themselves get to read it, and people who have changed the setting get in.
 */
export const REFUSED_AFTER_FAULT_MS = 10_000;

/** What is wrong with an encoder, as it or the log is told, with the setting that helps; docs/encoders.md says more. */
export const REFUSALS = {
  bFrames:
    'The encoder sends B-frames, which browsers show in the wrong order. Turn them off; OBS: Settings → Output → B-frames 0, or x264 options "bframes=0"; FFmpeg: -bf 0; GStreamer: x264enc bframes=0; cameras: profile baseline, or "B frame" off',
  dtls: 'The encoder got through, and the encryption of its media (DTLS) could not be agreed. Give it a certificate on the curve P-256, the one whose fingerprint is in its offer; FFmpeg: -cert_file and -key_file',
  profile:
    'This H.264 profile is not decoded by browsers. Set the encoder to profile baseline, main or high (4:2:0, 8 bit) without B-frames; FFmpeg: -profile:v baseline -pix_fmt yuv420p -bf 0',
  packetizationMode:
    'H.264 is offered without packetization-mode=1. Set packetization-mode=1 in the encoder; GStreamer: rtph264pay aggregate-mode=zero-latency and caps packetization-mode=(string)1',
  codec: (names: string) =>
    `The encoder offers ${names}, which a browser wall cannot show. Set it to H.264 without B-frames; OBS: Output → Video Encoder x264 or any H.264; FFmpeg: -c:v libx264 -bf 0; cameras: stream type H.264 instead of H.265`,
} as const;
