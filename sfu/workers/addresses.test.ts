import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { chooseIngestAddress, chooseMediaAddress, chooseMeshAddress } from './addresses.ts';

const ipv4 = (address: string, internal: boolean): NetworkInterfaceInfo => ({
  ...{
    address,
    netmask: '255.255.255.0',
    mac: '00:00:00:00:00:00',
    internal,
    cidr: `${address}/24`,
    family: 'IPv4',
  },
});
const machine = { lo: [ipv4('127.0.0.1', true)], eth0: [ipv4('10.1.2.3', false)] };

describe('chooseMediaAddress', () => {
  it.each([
    [{ SFU_LISTEN_ADDRESS: '127.0.0.1' }, { ip: '127.0.0.1' }],
    [{ SFU_LISTEN_ADDRESS: '0.0.0.0' }, { ip: '0.0.0.0', announcedAddress: '10.1.2.3' }],
    [
      { SFU_LISTEN_ADDRESS: '0.0.0.0', SFU_ANNOUNCED_ADDRESS: 'media.example' },
      { ip: '0.0.0.0', announcedAddress: 'media.example' },
    ],
    [{ SFU_LISTEN_ADDRESS: '10.1.2.3', SFU_ANNOUNCED_ADDRESS: '10.1.2.3' }, { ip: '10.1.2.3' }],
  ])('%o', (settings, expected) => {
    expect(chooseMediaAddress(settings, machine)).toEqual(expected);
  });

  it('announces loopback on a machine without a network', () => {
    const alone = { lo: machine.lo };
    expect(chooseMediaAddress({ SFU_LISTEN_ADDRESS: '0.0.0.0' }, alone).announcedAddress).toBe('127.0.0.1');
  });
});

describe('chooseIngestAddress', () => {
  it.each([
    ['127.0.0.1', { ip: '127.0.0.1' }],
    ['10.1.2.3', { ip: '10.1.2.3' }],
    ['203.0.113.7', { ip: '0.0.0.0', announcedAddress: '203.0.113.7' }],
    ['0.0.0.0', { ip: '0.0.0.0', announcedAddress: '10.1.2.3' }],
  ])('%s', (SFU_INGEST_ADDRESS, expected) => {
    expect(chooseIngestAddress({ SFU_LISTEN_ADDRESS: '0.0.0.0', SFU_INGEST_ADDRESS }, machine)).toEqual(
      expected,
    );
  });
});

describe('chooseMeshAddress', () => {
  const settings = { SFU_LISTEN_ADDRESS: '0.0.0.0', SFU_INGEST_ADDRESS: '10.1.2.3' };

  it('is where facilities send', () => {
    expect(chooseMeshAddress(settings, machine)).toEqual({ ip: '10.1.2.3' });
  });

  it('is another one where that is said', () => {
    expect(chooseMeshAddress({ ...settings, SFU_MESH_ADDRESS: '203.0.113.7' }, machine)).toEqual({
      ip: '0.0.0.0',
      announcedAddress: '203.0.113.7',
    });
  });
});
