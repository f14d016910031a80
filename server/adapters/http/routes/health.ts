import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Registry as MetricsRegistry } from 'prom-client';
import { z } from 'zod';
import { ErrorCode, VartaError } from '#contract/errors.ts';
import { bearerOf } from '../bearer.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const Health = z.object({ status: z.literal('ok') });

/** Whether the service can do its work, and if not, why. */
export const Readiness = z.object({
  ready: z.boolean(),
  reasons: z.array(z.object({ code: ErrorCode, message: z.string() })),
});
export type Readiness = z.infer<typeof Readiness>;

interface HealthOptions {
  /** Everything that stands in the way of work; none when ready. */
  obstacles(): Promise<readonly Readiness['reasons'][number][]>;
  metrics: MetricsRegistry;
  /** Opens the metrics; without one only this machine may read them. */
  metricsToken: string | undefined;
}

/** For whoever keeps the service running. No personal data in any of them. */
export function healthRoutes({ obstacles, metrics, metricsToken }: HealthOptions): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/healthz',
      action: 'service.probe',
      authentication: 'none',
      summary: 'The process is alive',
      reply: Health,
      handle: () => ({ status: 'ok' as const }),
    }),
    defineRoute({
      method: 'get',
      path: '/readyz',
      action: 'service.probe',
      authentication: 'none',
      summary: 'Redis answers and at least one sfu node lives; 503 with the reasons when not',
      reply: Readiness,
      handle: async ({ response }) => {
        const reasons = [...(await obstacles())];
        if (reasons.length > 0) response.status(503);
        return { ready: reasons.length === 0, reasons };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/metrics',
      action: 'service.probe',
      authentication: 'none',
      summary: 'Metrics for Prometheus; for this machine, or with METRICS_TOKEN as a bearer token',
      reply: z.string(),
      replyContentType: metrics.contentType,
      handle: ({ request }) => {
        if (!mayRead(request, metricsToken))
          throw new VartaError('forbidden', 'for this machine, or with METRICS_TOKEN');
        return metrics.metrics();
      },
    }),
  ];
}

function mayRead(request: Request, token: string | undefined): boolean {
  if (token !== undefined) return isSame(bearerOf(request) ?? '', token);
  // A proxy on this machine brings others.
  const isBrought = ['forwarded', 'x-forwarded-for'].some((name) => request.headers[name] !== undefined);
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return !isBrought && (address === '::1' || address.startsWith('127.'));
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
