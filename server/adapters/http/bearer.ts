import type { Request } from 'express';

/** The secret that a request carries in its `Authorization` header. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +(?<secret>\S+)$/i.exec(request.headers.authorization ?? '')?.groups?.secret;
}
