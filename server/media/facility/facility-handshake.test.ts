import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import type { Principal } from '../../access/decide.ts';
import { createRegistry } from '../../nation/registry.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { admitEquipment } from './facility-handshake.ts';

const KEY = 'a-key-of-a-facility-1';
const registry = createRegistry(mediaNation);
const authenticateFacility = (facilityId: string, key: string): Principal | undefined =>
  key === KEY ? { kind: 'facility', facilityId, regionId: 'UA-68' } : undefined;
const admit = (auth: unknown) => admitEquipment(auth, { registry, authenticateFacility });
const good = {
  protocol: PROTOCOL_VERSION,
  facilityId: 'ua-68-itt-1',
  key: KEY,
  feeds: ['ua-68-itt-1-cell-1-cam-1', 'ua-68-itt-1-cell-2-cam-1'],
};

test('equipment serves the feeds that it names, if they are its own', async () => {
  const { facilityId, feeds } = good;
  expect(await admit(good)).toMatchObject({ principal: { facilityId }, feeds: new Set(feeds), media: 'rtp' });
  expect(await admit({ ...good, media: 'srtp' })).toMatchObject({ media: 'srtp' });
});

test.each([
  ['another protocol', { ...good, protocol: PROTOCOL_VERSION + 1 }, 'protocol_unsupported'],
  ['another protocol with another shape', { protocol: 99, hello: 1 }, 'protocol_unsupported'],
  ['no handshake', undefined, 'invalid'],
  ['an unknown field', { ...good, admin: true }, 'invalid'],
  ['an unknown way to send', { ...good, media: 'quic' }, 'invalid'],
  ['no feeds', { ...good, feeds: [] }, 'invalid'],
  ['a wrong key', { ...good, key: `${KEY}-not` }, 'bad_facility_key'],
  ['a feed that does not exist', { ...good, feeds: ['ua-68-itt-1-cell-9-cam-1'] }, 'unknown_feed'],
  ['another facility’s feed', { ...good, feeds: ['ua-46-itt-1-cell-1-cam-1'] }, 'wrong_facility'],
  ['a feed that an encoder publishes', { ...good, feeds: ['ua-68-itt-1-yard-cam-1'] }, 'forbidden'],
])('%s is refused with a code', async (_, auth, code) => {
  const refusal = await admit(auth).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(VartaError);
  expect(refusal).toMatchObject({ code });
});
