import { describe, expect, it } from 'vitest';
import { exposureWarnings } from './exposure.ts';

const warnedOf = (controlUrl: string, meshAddress: string) =>
  exposureWarnings({ controlUrl, meshAddress }).map((text) =>
    text.includes('SFU_MESH_ADDRESS') ? 'mesh' : 'clear',
  );

describe('exposureWarnings', () => {
  it.each([
    'http://127.0.0.1:44300',
    'http://127.8.9.1:44300',
    'http://localhost:44300',
    'http://[::1]:44300',
  ])('says nothing of a node that only this machine reaches: %s', (controlUrl) => {
    expect(warnedOf(controlUrl, '127.0.0.1')).toEqual([]);
  });

  it('says what is no URL', () => {
    expect(exposureWarnings({ controlUrl: 'http://:::44300', meshAddress: '::1' })).toMatchObject([
      expect.stringContaining('no URL'),
    ]);
  });

  it('says nothing of one that is reached by TLS, with pipes that can be reached', () => {
    expect(warnedOf('https://sfu-1.site.example', '10.1.2.3')).toEqual([]);
  });

  it.each([
    ['http://10.1.2.3:44300', '10.1.2.3', ['clear']],
    ['http://sfu:44300', '10.1.2.3', ['clear']],
    ['http://127.0.0.1.example:44300', '10.1.2.3', ['clear']],
    ['http://[fd00::1]:44300', 'fd00::1', ['clear']],
    ['https://sfu-1.site.example', '127.0.0.1', ['mesh']],
    ['https://sfu-1.site.example', '::1', ['mesh']],
    ['http://sfu:44300', '127.0.0.1', ['clear', 'mesh']],
  ])('warns of %s with pipes at %s: %j', (controlUrl, meshAddress, warnings) => {
    expect(warnedOf(controlUrl, meshAddress)).toEqual(warnings);
  });
});
