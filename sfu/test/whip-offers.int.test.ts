import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import * as offers from './fixtures/offers.ts';
import * as recorded from './fixtures/recorded-offers.ts';
import { BINDING_SUCCESS, bindingRequest } from './fixtures/stun.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';

/** First byte of a DTLS handshake record (RFC 9147, 4). */
const DTLS_HANDSHAKE = 22;

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(() => node[Symbol.asyncDispose]());

const whip = (id: string) => testFeed(id, { source: 'whip' });
const publish = async (id: string, sdpOffer: string, whenBusy?: 'refuse' | 'replace') =>
  node.control.send('whip:publish', {
    grant: await node.authority.publish(whip(id)),
    sdpOffer,
    ...(whenBusy ? { whenBusy } : {}),
  });
const published = async (id: string, sdpOffer: string) =>
  node.control.ask('whip:publish', { grant: await node.authority.publish(whip(id)), sdpOffer });
const patch = async (id: string, change: { resourceId: string; iceTag?: string; fragment?: string }) =>
  node.control.send('whip:patch', {
    grant: await node.authority.publish(whip(id)),
    fragment: 'a=end-of-candidates\r\n',
    ...change,
  });

describe('offers', () => {
  it.each(Object.entries({ ...offers, ...recorded }).filter(([name]) => name !== 'OBS_HEVC'))(
    'of %s are taken by the media worker itself',
    async (name, sdp) => {
      const feedId = `offer-${name.toLowerCase().replaceAll('_', '-')}`;
      expect(await publish(feedId, sdp)).toMatchObject({ ok: true });
      await node.reaches(feedId, 'connecting');
    },
  );
});

describe('FFmpeg 8', () => {
  it.each([
    ['8.0', offers.FFMPEG_SILENT],
    ['8.1', offers.FFMPEG_RTX],
    ['8.1.2', recorded.FFMPEG_8_1_2],
  ])(
    '%s gets through by the one check that it makes, and is greeted as the DTLS server',
    async (version, sdp) => {
      const { sdpAnswer } = await published(`ffmpeg-${version.replaceAll('.', '-')}`, sdp);
      const value = (name: string) => new RegExp(`^a=${name}:(.*)\\r$`, 'm').exec(sdpAnswer)?.[1] ?? '';
      const [, , , , address = '', port = ''] = value('candidate').split(' ');
      await using socket = createSocket('udp4');
      const seen = new Set<number | undefined>();
      socket.on('message', (message) => {
        seen.add(message[0] === DTLS_HANDSHAKE ? DTLS_HANDSHAKE : message.readUInt16BE(0));
      });
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const username = `${value('ice-ufrag')}:5fa2e8b1`;
      socket.send(bindingRequest({ username, password: value('ice-pwd') }), Number(port), address);
      await eventually('a success response', () => seen.has(BINDING_SUCCESS));
      await eventually('a ClientHello', () => seen.has(DTLS_HANDSHAKE));
    },
  );
});

describe('a publication', () => {
  it('takes candidates and restarts ICE for whoever names its present ICE session', async () => {
    const { resourceId, iceTag, sdpAnswer } = await published('patched', offers.OBS);
    expect(await patch('patched', { resourceId, iceTag })).toMatchObject({
      ok: true,
      result: { iceTag, fragment: null },
    });
    const restart = 'a=ice-ufrag:newer\r\na=ice-pwd:0123456789012345678901\r\n';
    const restarted = await patch('patched', { resourceId, fragment: restart });
    if (!restarted.ok) throw new Error(restarted.code);
    const { iceTag: second, fragment } = restarted.result as { iceTag: string; fragment: string };
    expect(second).not.toBe(iceTag);
    const ufrag = /^a=ice-ufrag:(.*)\r$/m.exec(fragment)?.[1];
    expect(sdpAnswer).not.toContain(`a=ice-ufrag:${ufrag}`);
    expect(fragment).toMatch(/^a=candidate:1 1 udp /m);
    // Asked for again, as when the answer got lost, it is answered again; for who has got it, it brings nothing new.
    expect(await patch('patched', { resourceId, fragment: restart })).toMatchObject({
      result: { iceTag: second, fragment },
    });
    expect(await patch('patched', { resourceId, iceTag: second, fragment: restart })).toMatchObject({
      result: { iceTag: second, fragment: null },
    });
    // The old generation is gone.
    expect(await patch('patched', { resourceId, iceTag })).toMatchObject({ code: 'precondition_failed' });
    expect(await patch('patched', { resourceId, fragment: 'nonsense' })).toMatchObject({ code: 'malformed' });
    expect(await patch('patched', { resourceId: 'another' })).toMatchObject({ code: 'unknown_resource' });
  });

  it('keeps others out, or gives way to the newest, as it is asked', async () => {
    const first = await published('contested', offers.OBS);
    expect(await publish('contested', offers.OBS)).toMatchObject({ code: 'feed_busy' });
    expect(await publish('contested', offers.OBS, 'refuse')).toMatchObject({ code: 'feed_busy' });
    expect(await publish('contested', offers.OBS_HEVC, 'replace')).toMatchObject({
      code: 'codec_unsupported',
    });
    expect(await patch('contested', { resourceId: first.resourceId })).toMatchObject({ ok: true });
    expect(await publish('contested', offers.OBS, 'replace')).toMatchObject({ ok: true });
    expect(await patch('contested', { resourceId: first.resourceId })).toMatchObject({
      code: 'unknown_resource',
    });
  });
});
