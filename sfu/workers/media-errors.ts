import { errors } from 'mediasoup';
import { type ErrorCode, VartaError } from '#contract/errors.ts';

/**
 * What mediasoup throws, as a refusal: parameters that it does not take get the given code; media that it cannot
 * forward `codec_unsupported`; a worker that ended meanwhile `no_sfu`, after which the same call is worth another try.
 */
export function toMediaError(error: unknown, badParameters: ErrorCode): VartaError {
  if (error instanceof VartaError) return error;
  if (error instanceof errors.UnsupportedError)
    return new VartaError('codec_unsupported', undefined, { cause: error });
  if (error instanceof errors.WorkerClosedError) return new VartaError('no_sfu', undefined, { cause: error });
  if (error instanceof TypeError)
    return new VartaError(badParameters, error.message.slice(0, 300), { cause: error });
  return new VartaError('internal', undefined, { cause: error });
}
