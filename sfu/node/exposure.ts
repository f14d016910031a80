import { isIPv6 } from 'node:net';

/** What this node tells others of itself. */
export interface Exposure {
  /** Where servers and other nodes reach its control port. */
  controlUrl: string;
  /** Where its pipes to and from other nodes end. */
  meshAddress: string;
}

/** What is wrong with how others reach a node, in the words of who has to mend it. */
export function exposureWarnings({ controlUrl, meshAddress }: Exposure): string[] {
  if (!URL.canParse(controlUrl)) return [`${controlUrl} is no URL: nobody reaches this node`];
  const { protocol, hostname } = new URL(controlUrl);
  if (isLoopback(hostname)) return [];
  const warnings: string[] = [];
  if (protocol !== 'https:')
    warnings.push(
      'SFU_CONTROL_URL is not https: grants and keys of media pass in clear; they need a private network or a proxy with TLS',
    );
  if (isLoopback(meshAddress))
    warnings.push(
      'servers and nodes elsewhere reach this node, but its pipes end on loopback: set SFU_MESH_ADDRESS, or no feed crosses between nodes',
    );
  return warnings;
}

/** Of a host in a URL, or of an address. */
function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(bare)) return new URL(`http://[${bare}]`).hostname === '[::1]';
  return bare === 'localhost' || bare.endsWith('.localhost') || /^127\.\d+\.\d+\.\d+$/.test(bare);
}
