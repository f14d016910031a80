import { describe, expect, it } from 'vitest';
import { type Challenge, chooseChallenge, toAuthorization } from './authorization.ts';

const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const OPAQUE = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS';
const digest = (algorithm: string, more = '') =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="${OPAQUE}"${more}`;
const request = {
  method: 'GET',
  uri: '/dir/index.html',
  credentials: { username: 'Mufasa', password: 'Circle of Life' },
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};

function answer(header: string, change: Partial<typeof request> = {}): string {
  const challenge = chooseChallenge([header]);
  if (!challenge) throw new Error('no challenge');
  return toAuthorization(challenge, { ...request, ...change });
}

describe('a digest', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is that of RFC 7616, 3.9.1, with %s', (algorithm, response) => {
    const header = answer(digest(algorithm));
    expect(header).toContain(`response="${response}"`);
    expect(header).toContain(`opaque="${OPAQUE}"`);
    expect(header).toContain('nc=00000001');
  });

  it('is that of RFC 2069 (with its erratum) when the camera offers no qop', () => {
    const header = answer('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"', {
      credentials: { username: 'Mufasa', password: 'CircleOfLife' },
    });
    expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(header).not.toMatch(/qop|nc=|opaque|algorithm/);
  });

  it('counts in hexadecimal, and shows no password', () => {
    const header = answer(digest('MD5'), { count: 255 });
    expect(header).toContain('nc=000000ff');
    expect(header).not.toContain('Circle');
  });

  it('keeps quotes in their place', () => {
    const header = answer('Digest realm="a \\"b\\"", nonce="n"', {
      credentials: { username: 'o"hara', password: 'x' },
    });
    expect(header).toContain('username="o\\"hara"');
    expect(header).toContain('realm="a \\"b\\""');
  });
});

describe('the choice among challenges', () => {
  it('is digest before basic, and SHA-256 before MD5', () => {
    const chosen = chooseChallenge(['Basic realm="x"', digest('MD5'), digest('SHA-256')]);
    expect(chosen).toMatchObject({ scheme: 'digest', algorithm: 'SHA-256' } satisfies Partial<Challenge>);
  });

  it('is basic when there is nothing else', () => {
    expect(chooseChallenge(['Basic realm="x"'])).toEqual({ scheme: 'basic' });
    expect(answer('Basic realm="x"')).toBe(`Basic ${btoa('Mufasa:Circle of Life')}`);
  });

  it('is none for what cannot be answered', () => {
    const unknown = [
      'Negotiate',
      '',
      'Digest realm="x"',
      digest('MD5-sess'),
      digest('MD5').replace('auth, ', ''),
    ];
    for (const header of unknown) expect(chooseChallenge([header])).toBeUndefined();
  });

  it('sees that a nonce has only grown old', () => {
    expect(chooseChallenge([digest('MD5', ', stale=TRUE')])).toMatchObject({ stale: true });
    expect(chooseChallenge([digest('MD5', ', stale=false')])).toMatchObject({ stale: false });
  });
});
