import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What a page may load. Styles in attributes are allowed because the interface's components position themselves so. */
export function contentSecurityPolicy(publicOrigin: string): Record<string, string[] | null> {
  const { protocol, host } = new URL(publicOrigin);
  const secure = protocol === 'https:';
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ["'self'", 'blob:', 'mediastream:'],
    'font-src': ["'self'"],
    'worker-src': ["'self'", 'blob:'],
    'manifest-src': ["'self'"],
    // Named besides 'self' for browsers that do not count a WebSocket of the same host as 'self'.
    'connect-src': ["'self'", `${secure ? 'wss' : 'ws'}://${host}`],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
    // On plain HTTP (this machine, the sample) there is nothing to upgrade to.
    'upgrade-insecure-requests': secure ? [] : null,
  };
}

/** Things of the device that no page of ours uses. */
const PERMISSIONS_POLICY = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'serial']
  .map((feature) => `${feature}=()`)
  .join(', ');

/** Security headers of every response. */
export function securityHeaders(publicOrigin: string): RequestHandler[] {
  const secure = publicOrigin.startsWith('https:');
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(publicOrigin) },
      strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.set('Permissions-Policy', PERMISSIONS_POLICY);
      next();
    },
  ];
}
