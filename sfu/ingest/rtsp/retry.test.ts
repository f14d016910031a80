import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFailure, type Failures } from './retry.ts';
import { RtspError, type RtspErrorCode } from './rtsp-error.ts';

const fail = (before: Failures | undefined, code: RtspErrorCode, playedMs = 0, random = 1) =>
  countFailure(before, { error: new RtspError(code), playedMs, now: 0, random });

function pauses(code: RtspErrorCode, times: number): number[] {
  let failures: Failures | undefined;
  return Array.from({ length: times }, () => {
    failures = fail(failures, code);
    return failures.retryAt / 1_000;
  });
}

describe('countFailure', () => {
  it('pauses longer each time, up to a bound', () => {
    expect(pauses('unreachable', 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(pauses('codec', 4)).toEqual([30, 60, 120, 120]);
    expect(pauses('unauthorized', 6)).toEqual([60, 120, 240, 480, 600, 600]);
    expect(pauses('forbidden', 2)).toEqual([60, 120]);
  });

  it('says what is wrong with the camera: at once when it says so itself, at the second time when nothing answers', () => {
    const faults = (code: RtspErrorCode) => {
      const first = fail(undefined, code);
      return [first.fault, fail(first, code).fault];
    };
    expect(faults('unauthorized')).toEqual(['auth', 'auth']);
    expect(faults('insecure')).toEqual(['auth', 'auth']);
    expect(faults('codec')).toEqual(['codec', 'codec']);
    expect(faults('unreachable')).toEqual([undefined, 'unreachable']);
    expect(faults('silent')).toEqual([undefined, 'silent']);
    expect(faults('refused')).toEqual([undefined, 'refused']);
    expect(faults('protocol')).toEqual([undefined, 'stream']);
    expect(faults('not-found')).toEqual(['stream', 'stream']);
    expect(faults('no-video')).toEqual(['stream', 'stream']);
    expect(faults('certificate')).toEqual(['certificate', 'certificate']);
  });

  it('begins anew after it played, and when the reason is of another kind', () => {
    const often = fail(fail(fail(undefined, 'silent'), 'silent'), 'unreachable');
    expect(often.count).toBe(3);
    expect(fail(often, 'unreachable', 10_000).count).toBe(1);
    expect(fail(often, 'unauthorized').count).toBe(1);
  });

  it('does not spin with a camera that plays for a moment only', () => {
    const first = fail(undefined, 'unreachable', 500);
    expect(fail(first, 'unreachable', 500).retryAt).toBe(2_000);
  });

  it('is never sooner than three quarters of a second, never later than ten minutes', () => {
    const codes: RtspErrorCode[] = ['unreachable', 'silent', 'protocol', 'refused', 'unauthorized', 'codec'];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom(...codes), fc.nat(20_000), fc.double({ min: 0, max: 1, noNaN: true })),
          {
            maxLength: 60,
          },
        ),
        (ends) => {
          let failures: Failures | undefined;
          for (const [code, playedMs, random] of ends) {
            failures = fail(failures, code, playedMs, random);
            expect(failures.retryAt).toBeGreaterThanOrEqual(750);
            expect(failures.retryAt).toBeLessThanOrEqual(600_000);
          }
        },
      ),
    );
  });
});
