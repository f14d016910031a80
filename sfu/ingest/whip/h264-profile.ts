import { H264_PROFILES } from '../../workers/codecs.ts';

/** Flag of `profile-iop`: what is sent keeps to constrained baseline (RFC 6184, 8.1). */
const CONSTRAINT_SET1 = 0x40;

/** Profiles that browsers decode, the most widely decoded one first. */
const DECODED = ['constrained baseline', 'baseline', 'main', 'high'] as const;
type Decoded = (typeof DECODED)[number];

/**
 * The `profile-level-id` by which the router takes an encoder's: constrained baseline for everything that browsers decode.
 * Decoders go by what is in the stream; the name decides only whether a browser takes the stream at all, and it is the
 * one that every browser has to take (RFC 7742, 6.2). Chromium without decoders in hardware does not offer high, though it
 * decodes it.
 *
 * Undefined for what is not six hexadecimal digits (FFmpeg 8.0 writes seven for constrained baseline) and so says nothing.
 * A profile that browsers do not decode is returned as it is, for the router to refuse.
 */
export function toRouterProfile(profileLevelId: string | undefined): string | undefined {
  if (profileLevelId === undefined || !isWellFormed(profileLevelId)) return undefined;
  return decodedProfile(profileLevelId) === undefined
    ? profileLevelId.toLowerCase()
    : H264_PROFILES.constrainedBaseline;
}

/** Place of an encoder's profile in the order of preference, 0 first; the last one for what is none of them. */
export function profileRank(profileLevelId: string | undefined): number {
  const profile = profileLevelId === undefined ? undefined : decodedProfile(profileLevelId);
  return profile === undefined ? DECODED.length : DECODED.indexOf(profile);
}

function isWellFormed(profileLevelId: string): boolean {
  return /^[0-9a-f]{6}$/i.test(profileLevelId);
}

/** By `profile_idc`; of the flags, which encoders set in many ways, only the one that narrows baseline matters. */
function decodedProfile(profileLevelId: string): Decoded | undefined {
  if (!isWellFormed(profileLevelId)) return undefined;
  const [profileIdc, profileIop = 0] = Buffer.from(profileLevelId, 'hex');
  switch (profileIdc) {
    case 66:
      return (profileIop & CONSTRAINT_SET1) === 0 ? 'baseline' : 'constrained baseline';
    case 77:
      return 'main';
    case 100:
      return 'high';
    default:
      return undefined;
  }
}
