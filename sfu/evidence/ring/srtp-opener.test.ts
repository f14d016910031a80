import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SrtpSealer } from '../../test/fixtures/srtp-sealer.ts';
import { derive, LABELS, MASTER_BYTES, toIv } from './srtp-keys.ts';
import { SrtpOpener } from './srtp-opener.ts';

const MASTER = Buffer.from(Array.from({ length: MASTER_BYTES }, (_, index) => index * 5));

const Packet = fc
  .record({
    sources: fc.nat({ max: 15 }),
    extension: fc.option(fc.nat({ max: 5 })),
    sequence: fc.nat({ max: 0xffff }),
    ssrc: fc.nat({ max: 0xffff_ffff }),
    payload: fc.uint8Array({ maxLength: 200 }),
  })
  .map(({ sources, extension, sequence, ssrc, payload }) => {
    const header = Buffer.alloc(12 + 4 * sources);
    header[0] = 0x80 | (extension === null ? 0 : 0x10) | sources;
    header[1] = 101;
    header.writeUInt16BE(sequence, 2);
    header.writeUInt32BE(ssrc, 8);
    if (extension === null) return Buffer.concat([header, payload]);
    const more = Buffer.alloc(4 + 4 * extension, 7);
    more.writeUInt16BE(extension, 2);
    return Buffer.concat([header, more, payload]);
  });

test('what was sealed is opened, whatever its header, and only with its key, its count of rollovers and unchanged', () => {
  const sealer = new SrtpSealer(MASTER);
  const opener = new SrtpOpener(MASTER);
  const other = new SrtpOpener(Buffer.alloc(MASTER_BYTES, 1));
  fc.assert(
    fc.property(Packet, fc.nat({ max: 0xffff_fffe }), fc.nat(), (packet, rollovers, spoilt) => {
      const sealed = sealer.seal(packet, rollovers);
      expect(opener.open(sealed, rollovers)).toEqual(packet);
      expect(opener.open(sealed, rollovers + 1)).toBeUndefined();
      expect(other.open(sealed, rollovers)).toBeUndefined();
      const at = spoilt % sealed.length;
      sealed[at] = (sealed[at] ?? 0) ^ 1;
      expect(opener.open(sealed, rollovers)).toBeUndefined();
    }),
  );
});

test('nothing that is no packet throws, and nothing is opened any more when its keys are overwritten', () => {
  const opener = new SrtpOpener(MASTER);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(opener.open(Buffer.from(bytes), 0)).toBeUndefined();
    }),
  );
  const packet = Buffer.alloc(20, 0x80);
  packet[0] = 0x80;
  const sealed = new SrtpSealer(MASTER).seal(packet, 0);
  expect(opener.open(sealed, 0)).toEqual(packet);
  opener[Symbol.dispose]();
  expect(opener.open(sealed, 0)).toBeUndefined();
});

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('keys are derived as RFC 6188, 7.2 shows', () => {
  const master = {
    key: hex('f0f04914b513f2763a1b1fa130f10e29 98f6f6e43e4309d1e622a0e332b9f1b6'),
    salt: hex('3b04803de51ee7c96423ab5b78d2'),
  };
  expect(derive(master, LABELS.key, 32)).toEqual(
    hex('5ba1064e30ec51613cad926c5a28ef73 1ec7fb397f70a960653caf06554cd8c4'),
  );
  expect(derive(master, LABELS.salt, 14)).toEqual(hex('fa31791685ca444a9e07c6c64e93'));
});

test('packets are sealed as RFC 7714, 16.2.1 shows', () => {
  const packet = hex(
    '8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573',
  );
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  const iv = toIv(packet, 0, hex('51756964 2070726f 2071756f'));
  expect(iv).toEqual(hex('51753c65 80c2726f 20718414'));
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(packet.subarray(0, 12));
  const sealed = Buffer.concat([cipher.update(packet.subarray(12)), cipher.final(), cipher.getAuthTag()]);
  expect(sealed).toEqual(
    hex(
      '32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13',
    ),
  );
});
