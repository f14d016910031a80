import type { IceServer } from '#contract/media.ts';

/** `Link` header values that tell a WHIP or WHEP client its ICE servers (RFC 9725, 4.6), one for each address. */
export function toIceLinks(servers: readonly IceServer[]): string[] {
  return servers.flatMap(({ urls, username, credential }) => {
    const secret =
      username === undefined || credential === undefined
        ? ''
        : `; username=${quote(username)}; credential=${quote(credential)}; credential-type="password"`;
    return urls.map((url) => `<${url}>; rel="ice-server"${secret}`);
  });
}

/** A quoted-string (RFC 9110, 5.6.4). */
function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
