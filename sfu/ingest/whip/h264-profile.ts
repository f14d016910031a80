import { H264_PROFILES } from '../../workers/codecs.ts';

/** Flag of `profile-iop`: what is sent keeps to constrained baseline (RFC 6184, 8.1). */
const CONSTRAINT_SET1 = 0x40;

/**
 * The router's `profile-level-id` for an encoder's: whatever of baseline, main or high it is, for encoders set the flags
 * in more ways than mediasoup compares. Undefined for what is not six hexadecimal digits (FFmpeg 8.0 writes seven for
 * constrained baseline) and so says nothing; what browsers do not decode is returned as it is, for the router to refuse.
 */
export function toRouterProfile(profileLevelId: string | undefined): string | undefined {
  if (profileLevelId === undefined || !/^[0-9a-f]{6}$/i.test(profileLevelId)) return undefined;
  const [profileIdc, profileIop] = Buffer.from(profileLevelId, 'hex');
  return routerProfileOf(profileIdc ?? 0, profileIop ?? 0) ?? profileLevelId.toLowerCase();
}

/** Place of a router's profile in the order of preference, 0 first; the last one for any other. */
export function profileRank(routerProfile: string | undefined): number {
  const place = Object.values<string | undefined>(H264_PROFILES).indexOf(routerProfile);
  return place === -1 ? Number.MAX_SAFE_INTEGER : place;
}

function routerProfileOf(profileIdc: number, profileIop: number): string | undefined {
  switch (profileIdc) {
    case 66:
      return (profileIop & CONSTRAINT_SET1) === 0
        ? H264_PROFILES.baseline
        : H264_PROFILES.constrainedBaseline;
    case 77:
      return H264_PROFILES.main;
    case 100:
      return H264_PROFILES.high;
    default:
      return undefined;
  }
}
