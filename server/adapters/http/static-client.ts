import { resolve } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { VartaError } from '#contract/errors.ts';
import { leadsElsewhere } from './attacks.ts';

/** Paths of the pages; the client decides what each one shows. */
const PAGES = [
  '/',
  '/map',
  '/flags',
  '/alerts',
  '/cases',
  '/cases/:facilityId/:caseId',
  '/account',
  '/admin',
  '/closures',
  '/complaints',
  '/figures',
  '/figures/digest',
  '/handover',
  '/handover/:handoverId',
  '/inspect',
  '/inspect/*page',
  '/display',
  '/display/:displayId',
  '/displays',
  '/displays/:part',
  '/oncall',
  '/audit',
  '/audit/*page',
];

const YEAR_MS = 365 * 24 * 3_600_000;

/** The built client: its files, and its one document for every page. Files under `assets/` have a hash in their name. */
export function serveClient(app: Express, clientDir: string): void {
  const root = resolve(clientDir);
  app.use(
    '/assets',
    express.static(resolve(root, 'assets'), {
      immutable: true,
      maxAge: YEAR_MS,
      index: false,
      redirect: false,
    }),
  );
  app.use(
    express.static(root, { index: false, redirect: false, cacheControl: false, setHeaders: revalidate }),
  );
  const sendPage = (request: Request, response: Response, next: NextFunction) => {
    response.locals.route = 'page';
    response.sendFile(
      'index.html',
      { root, cacheControl: false, headers: { 'Cache-Control': 'no-cache' } },
      (error) => {
        if (!error || request.destroyed) return;
        next(isMissing(error) ? new VartaError('not_found', 'the client is not built') : error);
      },
    );
  };
  app.get(PAGES, sendPage);
  // Whoever follows a link that is no more gets a page that says so, and the way back; programs get a problem.
  app.get('/*unknown', (request, response, next) => {
    if (!isForPeople(request)) return next();
    response.status(404);
    sendPage(request, response, next);
  });
}

/** Paths that are for programs, whoever asks. */
const FOR_PROGRAMS = /^\/(?:api|whip|whep|assets|socket\.io|healthz|readyz|metrics)(?:\/|$)|\.\w+$/;

function isForPeople(request: Request): boolean {
  if (FOR_PROGRAMS.test(request.path) || leadsElsewhere(request.originalUrl)) return false;
  return request.accepts(['json', 'html']) === 'html';
}

function revalidate(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}

function isMissing(error: Error): boolean {
  return 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
