import { VartaError } from '#contract/errors.ts';
import type { EvidenceFailure } from '#contract/evidence.ts';

/** Nothing can be kept, for a reason that people are told. */
export class NotTaken extends Error {
  readonly why: EvidenceFailure;

  constructor(why: EvidenceFailure, cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** What people are told of a failure. */
export function failureOf(error: unknown): EvidenceFailure {
  if (error instanceof NotTaken) return error.why;
  if (!(error instanceof VartaError)) return 'interrupted';
  switch (error.code) {
    case 'confidential':
      return 'confidential';
    case 'feed_not_live':
    case 'codec_unsupported':
      return 'no-picture';
    case 'no_sfu':
    case 'sfu_timeout':
    case 'limit_reached':
    case 'unknown_resource':
      return 'no-node';
    default:
      return 'interrupted';
  }
}
