import { expect, test } from 'vitest';
import { isOwnOrigin } from './origin.ts';

const PUBLIC = 'https://varta.example';
const HOST = '10.0.0.1:8080';

test.each([
  ['a page of ours', { fetchSite: 'same-origin', origin: PUBLIC, host: 'varta.example' }, true],
  [
    'a page of ours behind a proxy that changes Host',
    { fetchSite: undefined, origin: PUBLIC, host: HOST },
    true,
  ],
  ['somebody who types an address', { fetchSite: 'none', origin: undefined, host: HOST }, true],
  ['another site', { fetchSite: 'cross-site', origin: 'https://evil.example', host: HOST }, false],
  ['a sibling site', { fetchSite: 'same-site', origin: 'https://other.varta.example', host: HOST }, false],
  [
    'another site in an old browser',
    { fetchSite: undefined, origin: 'https://evil.example', host: HOST },
    false,
  ],
  ['a sandboxed frame', { fetchSite: 'cross-site', origin: 'null', host: HOST }, false],
  ['a sandboxed frame in an old browser', { fetchSite: undefined, origin: 'null', host: HOST }, false],
  ['a page of ours in an old browser', { fetchSite: undefined, origin: `http://${HOST}`, host: HOST }, true],
  [
    'the same host on another port',
    { fetchSite: undefined, origin: 'http://10.0.0.1:9000', host: HOST },
    false,
  ],
  ['a program', { fetchSite: undefined, origin: undefined, host: HOST }, true],
  [
    'an origin without a host',
    { fetchSite: undefined, origin: 'https://evil.example', host: undefined },
    false,
  ],
])('%s', (_, request, own) => {
  expect(isOwnOrigin(request, PUBLIC)).toBe(own);
});
