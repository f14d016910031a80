import type { RequestHandler } from 'express';

/**
 * Lets pages of any origin call a route and read what it answers, refusals too. Safe only where the caller proves who it
 * is by a key that it sends by hand: browsers send no cookie along.
 */
export const allowAnyOrigin: RequestHandler = (_request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
    'Access-Control-Expose-Headers': 'Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch',
  });
  next();
};
