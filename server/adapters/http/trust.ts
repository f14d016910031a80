import type { IncomingMessage } from 'node:http';
import express from 'express';

/** Whether the word of an address is taken; `hop` 0 is who is connected to us. */
export type Trust = (address: string, hop: number) => boolean;

/**
 * Whose word is taken for the caller's address and scheme. Only of the proxy that is connected to us, and for one step: it
 * says who came to it, and what that one has said besides is nobody's word, also in a network where the proxy stands
 * itself. Without an https PUBLIC_URL there is no proxy of ours, and nobody is believed.
 */
export function createTrust(publicOrigin: string, trustProxy: readonly string[]): Trust {
  if (!publicOrigin.startsWith('https:')) return () => false;
  const app = express();
  app.set('trust proxy', [...trustProxy]);
  const isNamed = app.get('trust proxy fn') as Trust;
  return (address, hop) => hop === 0 && isNamed(address, hop);
}

/** Whether a WebSocket came over TLS as far as a proxy that is trusted says; always where TLS is not wanted. */
export function createTransportCheck(
  publicOrigin: string,
  trustProxy: readonly string[],
): (handshake: IncomingMessage) => boolean {
  if (!publicOrigin.startsWith('https:')) return () => true;
  const isTrusted = createTrust(publicOrigin, trustProxy);
  return ({ socket, headers }) => {
    const said = headers['x-forwarded-proto'];
    const [scheme] = (Array.isArray(said) ? said.join() : (said ?? '')).split(',');
    return scheme?.trim() === 'https' && isTrusted(socket.remoteAddress ?? '', 0);
  };
}
