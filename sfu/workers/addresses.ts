import { isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** What `os.networkInterfaces()` gives. */
type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Where to listen, and the address that is told to others when it is another one. */
export interface ListenAddress {
  ip: string;
  announcedAddress?: string;
}

const isAny = (address: string) => address === '0.0.0.0' || address === '::';

function ownAddresses(interfaces: Interfaces): NetworkInterfaceInfo[] {
  return Object.values(interfaces).flatMap((entries) => entries ?? []);
}

/**
 * Where browsers send media. Without an announced address it is the listen address itself, or, when listening on every
 * interface, the machine's first own IPv4 address, or loopback on a machine without a network.
 */
export function chooseMediaAddress(
  settings: { SFU_LISTEN_ADDRESS: string; SFU_ANNOUNCED_ADDRESS?: string | undefined },
  interfaces: Interfaces,
): ListenAddress {
  const ip = settings.SFU_LISTEN_ADDRESS;
  const announced = settings.SFU_ANNOUNCED_ADDRESS;
  if (announced) return announced === ip ? { ip } : { ip, announcedAddress: announced };
  if (!isAny(ip)) return { ip };
  const own = ownAddresses(interfaces).find((entry) => entry.family === 'IPv4' && !entry.internal);
  return { ip, announcedAddress: own?.address ?? '127.0.0.1' };
}

/**
 * Where facilities send RTP. An address of this machine is listened on and no other, so that ingest ports are not open
 * to networks that need not reach them; an address that is not of this machine (behind NAT, in a container) is only
 * announced.
 */
export function chooseIngestAddress(
  settings: { SFU_LISTEN_ADDRESS: string; SFU_INGEST_ADDRESS: string },
  interfaces: Interfaces,
): ListenAddress {
  const wanted = settings.SFU_INGEST_ADDRESS;
  const isOwn =
    wanted.startsWith('127.') ||
    wanted === '::1' ||
    isAny(wanted) ||
    ownAddresses(interfaces).some((entry) => entry.address === wanted);
  if (isOwn && isIP(wanted)) {
    return isAny(wanted) ? chooseMediaAddress({ SFU_LISTEN_ADDRESS: wanted }, interfaces) : { ip: wanted };
  }
  return { ip: settings.SFU_LISTEN_ADDRESS, announcedAddress: wanted };
}

/** Where other nodes send what they take from here; where facilities send, if nothing else is said. */
export function chooseMeshAddress(
  settings: Parameters<typeof chooseIngestAddress>[0] & { SFU_MESH_ADDRESS?: string | undefined },
  interfaces: Interfaces,
): ListenAddress {
  const wanted = settings.SFU_MESH_ADDRESS ?? settings.SFU_INGEST_ADDRESS;
  return chooseIngestAddress({ ...settings, SFU_INGEST_ADDRESS: wanted }, interfaces);
}
