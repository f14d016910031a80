/** A change to one source file of the worker. */
export interface SourcePatch {
  /** Relative to the worker's folder. */
  file: string;
  before: string;
  after: string;
}

/**
 * OpenSSL asks BIO callbacks about control calls with `BIO_CB_CTRL | BIO_CB_RETURN`. The worker's callback compares for
 * equality, so it answers 1 ("yes") to whatever OpenSSL asks. Where OpenSSL is built with kernel TLS, as Debian's is,
 * one question is "does the kernel encrypt for this socket?", and after that yes it never allocates its write buffer:
 * SIGSEGV at the first DTLS handshake. The bit has to be tested instead.
 */
export const dtlsReturnBitPatch: SourcePatch = {
  file: 'src/RTC/DtlsTransport.cpp',
  before: '(operationType == BIO_CB_RETURN) ? static_cast<long>(ret) : 1;',
  after: '(operationType & BIO_CB_RETURN) ? static_cast<long>(ret) : 1;',
};

/**
 * The text of the file after the patch.
 *
 * @throws when the text to change is not there exactly once: then the worker's sources are not the ones that the patch
 * was written for, and a build without it would crash at the first viewer.
 */
export function applyPatch(text: string, patch: SourcePatch): string {
  const parts = text.split(patch.before);
  if (parts.length !== 2) {
    throw new Error(
      `${patch.file}: expected the text to mend exactly once, found it ${parts.length - 1} times. ` +
        'The worker sources have changed: review sfu/worker-build/source-patch.ts against them.',
    );
  }
  return parts.join(patch.after);
}
