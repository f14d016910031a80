import express, { type RequestHandler } from 'express';
import { VartaError } from '#contract/errors.ts';
import { isTooDeep } from '../../access/json-shape.ts';
import type { AnyRoute } from './route.ts';

/** Largest JSON body: 500 custody events of 2 kB. */
export const MAX_JSON_BYTES = 1_048_576;

/** Reads the body that a route wants, of exactly the content type that it wants. */
export function readBody(route: AnyRoute): RequestHandler[] {
  if (!route.body) return [];
  const { contentType, maxBytes } = route.bodyType ?? {
    contentType: 'application/json',
    maxBytes: MAX_JSON_BYTES,
  };
  const parser = route.bodyType
    ? express.text({ type: contentType, limit: maxBytes })
    : // Any JSON is read; whether it is of the right shape is for the schema to say.
      express.json({ type: contentType, limit: maxBytes, strict: false, verify: refuseDepth });
  return [
    (request, _response, next) => {
      // `is` is null without a body, which is then missing in the schema's eyes.
      if (request.is(contentType) === false)
        throw new VartaError('unsupported_media_type', `send ${contentType}`);
      next();
    },
    parser,
  ];
}

/** Before it is parsed: what is nested without end costs most where it is walked. */
function refuseDepth(_request: unknown, _response: unknown, json: Uint8Array): void {
  if (isTooDeep(json)) throw new VartaError('too_deep');
}
