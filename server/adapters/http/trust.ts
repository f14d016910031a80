import type { IncomingMessage } from 'node:http';
import express from 'express';

/**
 * Whose word is taken for the caller's address and scheme, as express takes it. Without an https PUBLIC_URL there is no
 * proxy of ours, and nobody is believed.
 */
export function trustedBy(publicOrigin: string, trustProxy: readonly string[]): false | string[] {
  return publicOrigin.startsWith('https:') ? [...trustProxy] : false;
}

/** Whether a WebSocket came over TLS as far as a proxy that is trusted says; always where TLS is not wanted. */
export function createTransportCheck(
  publicOrigin: string,
  trustProxy: readonly string[],
): (handshake: IncomingMessage) => boolean {
  const trusted = trustedBy(publicOrigin, trustProxy);
  if (trusted === false) return () => true;
  const app = express();
  app.set('trust proxy', trusted);
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return ({ socket, headers }) => {
    const said = headers['x-forwarded-proto'];
    const [scheme] = (Array.isArray(said) ? said.join() : (said ?? '')).split(',');
    return scheme?.trim() === 'https' && isTrusted(socket.remoteAddress ?? '', 0);
  };
}
