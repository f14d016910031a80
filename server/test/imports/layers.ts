/**
 * The layers of the repository, and what each may import. `contract ← domain ← edges, adapters ← main`: an arrow points
 * to who may import.
 */
export type Layer =
  | 'contract'
  | 'config'
  | 'domain'
  | 'edge'
  | 'seam'
  | 'adapter'
  | 'main'
  | 'sfu'
  | 'worker-build'
  | 'client'
  | 'sample'
  | 'tools'
  | 'proof';

export const MAY_IMPORT: Readonly<Record<Layer, readonly Layer[]>> = {
  contract: ['contract'],
  config: ['config', 'contract'],
  domain: ['domain', 'config', 'contract'],
  edge: ['edge', 'seam', 'domain', 'config', 'contract'],
  seam: ['seam', 'domain', 'config', 'contract'],
  adapter: ['adapter', 'seam', 'domain', 'config', 'contract'],
  main: ['main', 'adapter', 'seam', 'edge', 'domain', 'config', 'contract'],
  sfu: ['sfu', 'worker-build', 'config', 'contract'],
  'worker-build': ['worker-build'],
  client: ['client', 'config', 'contract'],
  sample: ['sample', 'config', 'contract'],
  tools: ['tools', 'worker-build', 'config', 'contract'],
  // Tests, fixtures and benchmarks may use anything; nothing that ships may use them.
  proof: [
    'proof',
    'contract',
    'config',
    'domain',
    'edge',
    'seam',
    'adapter',
    'main',
    'sfu',
    'worker-build',
    'client',
    'sample',
    'tools',
  ],
};

/** Packages that tie to a technology; a layer that is not named with one decides without it. */
export const MAY_USE: readonly { packages: RegExp; layers: readonly Layer[] }[] = [
  {
    packages: /^(?:express|express-session|connect-redis|compression|helmet|pino-http)(?:\/|$)/,
    layers: ['adapter', 'seam', 'edge', 'main', 'proof'],
  },
  { packages: /^prom-client$/, layers: ['adapter', 'main', 'sfu', 'proof'] },
  { packages: /^socket\.io$/, layers: ['adapter', 'seam', 'edge', 'main', 'sfu', 'proof'] },
  { packages: /^socket\.io-client$/, layers: ['edge', 'sfu', 'client', 'sample', 'proof'] },
  { packages: /^(?:redis|@redis\/.*)$/, layers: ['adapter', 'seam', 'sfu', 'tools', 'proof'] },
  { packages: /^mediasoup(?:\/|$)/, layers: ['sfu', 'worker-build', 'proof'] },
  {
    packages: /^(?:react|react-dom|@deck\.gl\/.*|@base-ui\/.*|zustand|wouter|mediasoup-client)(?:\/|$)/,
    layers: ['client', 'proof'],
  },
];

/** The contract is read by every service and by pages: it imports zod, a hash that pages have to make as well, and itself. */
export const CONTRACT_PACKAGES = /^(?:zod|@noble\/hashes\/sha2\.js)$/;

/** What the adapters offer to the edges of the domains: commands, keys and scripts of Redis, routes and messages. */
const SEAMS: ReadonlySet<string> = new Set([
  'server/adapters/http/bearer.ts',
  'server/adapters/http/route.ts',
  'server/adapters/redis/cluster.ts',
  'server/adapters/redis/connect-log.ts',
  'server/adapters/redis/connect.ts',
  'server/adapters/redis/keys.ts',
  'server/adapters/redis/leases.ts',
  'server/adapters/redis/read-streams.ts',
  'server/adapters/redis/script.ts',
  'server/adapters/redis/store-errors.ts',
  'server/adapters/socket/handshake.ts',
  'server/adapters/socket/message-budget.ts',
  'server/adapters/socket/on-message.ts',
  'server/adapters/socket/unread.ts',
]);

/**
 * Edges of the domains: the files of a domain's folder that talk to Redis, sockets or HTTP. Everything else in these
 * folders decides, and nothing else: a file is put here on purpose, never to make a test pass.
 */
const EDGES: ReadonlySet<string> = new Set([
  'server/access/account-store.ts',
  'server/access/admin-routes.ts',
  'server/access/audited-hash.ts',
  'server/access/key-routes.ts',
  'server/access/key-store.ts',
  'server/access/oidc/oidc-routes.ts',
  'server/access/oidc/ticket-cookie.ts',
  'server/access/own-routes.ts',
  'server/access/person-sessions.ts',
  'server/alerts/alert-pages.ts',
  'server/alerts/alert-store.ts',
  'server/alerts/canary-store.ts',
  'server/alerts/deliver.ts',
  'server/alerts/digests.ts',
  'server/alerts/escalation-engine.ts',
  'server/alerts/escalation-store.ts',
  'server/alerts/module.ts',
  'server/alerts/outbox.ts',
  'server/alerts/outbox-store.ts',
  'server/alerts/canary-keeper.ts',
  'server/alerts/outside.ts',
  'server/alerts/push.ts',
  'server/alerts/push-store.ts',
  'server/alerts/routes.ts',
  'server/alerts/settings-store.ts',
  'server/alerts/webhook.ts',
  'server/audit/append.ts',
  'server/audit/checkpoint-module.ts',
  'server/audit/checkpoint-routes.ts',
  'server/audit/checkpoint-store.ts',
  'server/audit/checkpointer.ts',
  'server/audit/export.ts',
  'server/audit/chain-writer.ts',
  'server/audit/module.ts',
  'server/audit/routes.ts',
  'server/audit/watching/finding-store.ts',
  'server/audit/watching/module.ts',
  'server/closures/act-notes.ts',
  'server/closures/routes.ts',
  'server/custody/accept-script.ts',
  'server/custody/act-on-area.ts',
  'server/custody/bulk-lines.ts',
  'server/custody/carry-over.ts',
  'server/custody/cases/case-events.ts',
  'server/custody/cases/case-file.ts',
  'server/custody/cases/case-list.ts',
  'server/custody/cases/module.ts',
  'server/custody/cases/routes.ts',
  'server/custody/cases/viewing-index.ts',
  'server/custody/cases/viewing-routes.ts',
  'server/custody/cases/words-routes.ts',
  'server/custody/event-store.ts',
  'server/custody/departures.ts',
  'server/custody/intake.ts',
  'server/custody/module.ts',
  'server/custody/partition.ts',
  'server/custody/projector.ts',
  'server/custody/recent/recent-routes.ts',
  'server/custody/recording.ts',
  'server/custody/state-store.ts',
  'server/custody/take-events.ts',
  'server/complaints/complaint-flags.ts',
  'server/complaints/complaint-store.ts',
  'server/complaints/intake/intake-key-store.ts',
  'server/complaints/intake/routes.ts',
  'server/complaints/module.ts',
  'server/complaints/routes.ts',
  'server/complaints/sweep.ts',
  'server/complaints/taking.ts',
  'server/evidence/evidence-access.ts',
  'server/evidence/evidence-store.ts',
  'server/evidence/evidence-taker.ts',
  'server/evidence/flag-routes.ts',
  'server/evidence/module.ts',
  'server/evidence/picture-routes.ts',
  'server/evidence/record-routes.ts',
  'server/evidence/routes.ts',
  'server/evidence/sweep.ts',
  'server/evidence/vault.ts',
  'server/figures/dark/dark-store.ts',
  'server/figures/dark/dark-watch.ts',
  'server/figures/dark/module.ts',
  'server/figures/figures-projector.ts',
  'server/figures/figures-reader.ts',
  'server/figures/figures-store.ts',
  'server/figures/module.ts',
  'server/figures/routes.ts',
  'server/flags/flag-store.ts',
  'server/flags/module.ts',
  'server/flags/routes.ts',
  'server/gate/module.ts',
  'server/gate/routes.ts',
  'server/gate/told-ends.ts',
  'server/handover/gather.ts',
  'server/handover/handover-desk.ts',
  'server/handover/handover-store.ts',
  'server/handover/module.ts',
  'server/handover/read-changes.ts',
  'server/handover/routes.ts',
  'server/holds/hold-store.ts',
  'server/holds/module.ts',
  'server/holds/routes.ts',
  'server/live/audiences.ts',
  'server/live/live-writer.ts',
  'server/live/mirrored-view.ts',
  'server/live/module.ts',
  'server/live/packed-reply.ts',
  'server/live/publish.ts',
  'server/live/region-reader.ts',
  'server/live/routes.ts',
  'server/live/sight-reader.ts',
  'server/masks/routes.ts',
  'server/media/certainty/certainty-watch.ts',
  'server/media/clips/clip-source.ts',
  'server/media/facility/equipment.ts',
  'server/media/facility/facility-handshake.ts',
  'server/media/facility/facility-links.ts',
  'server/media/facility/presence-store.ts',
  'server/media/facility/revoked-keys.ts',
  'server/media/facility/sending-relay.ts',
  'server/media/follow-areas.ts',
  'server/media/links/control-link.ts',
  'server/media/links/sfu-links.ts',
  'server/media/links/why-not-ready.ts',
  'server/media/media-module.ts',
  'server/media/nodes/node-finder.ts',
  'server/media/nodes/node-watch.ts',
  'server/media/patrol/patrol.ts',
  'server/media/posters/poster-routes.ts',
  'server/media/posters/poster-store.ts',
  'server/media/purposes/purpose-routes.ts',
  'server/media/purposes/purpose-store.ts',
  'server/media/projection/feed-projector.ts',
  'server/media/projection/projection.ts',
  'server/media/viewers/console-seat.ts',
  'server/media/viewers/seat-table.ts',
  'server/media/viewers/viewer-joins.ts',
  'server/media/viewers/taken-viewers.ts',
  'server/media/viewers/viewer-relay.ts',
  'server/media/viewers/viewer.ts',
  'server/media/whep/player-ends.ts',
  'server/media/whep/player-renewals.ts',
  'server/media/whep/player-rights.ts',
  'server/media/whep/player-starts.ts',
  'server/media/whep/player-store.ts',
  'server/media/whep/player-viewings.ts',
  'server/media/whep/players.ts',
  'server/media/whep/whep-module.ts',
  'server/media/whep/whep-routes.ts',
  'server/media/whip/sdp-http.ts',
  'server/media/whip/whip-routes.ts',
  'server/personal/module.ts',
  'server/personal/personal-store.ts',
  'server/personal/routes.ts',
  'server/personal/sweep.ts',
  'server/rules/apply-steps.ts',
  'server/rules/case-watch.ts',
  'server/rules/contact-store.ts',
  'server/rules/drift-store.ts',
  'server/rules/due-regions.ts',
  'server/rules/episode-store.ts',
  'server/rules/event-watch.ts',
  'server/rules/module.ts',
  'server/rules/record-watch.ts',
  'server/rules/stream-position.ts',
  'server/rules/rule-engine.ts',
  'server/wall/displays/console-routes.ts',
  'server/wall/displays/display-changes.ts',
  'server/wall/displays/display-management.ts',
  'server/wall/displays/display-routes.ts',
  'server/wall/displays/display-store.ts',
  'server/wall/displays/identity.ts',
  'server/wall/displays/show-actions.ts',
  'server/wall/kept/kept-routes.ts',
  'server/wall/kept/kept-store.ts',
  'server/wall/kept/removed-sweep.ts',
  'server/wall/wall-module.ts',
]);

const PROOF = /(?:\.test\.tsx?$)|(?:^|\/)(?:test|bench|e2e|fixtures)\//;

/** The layer of a module by its path from the root; undefined when it stands where nothing of ours should. */
export function layerOf(path: string): Layer | undefined {
  if (PROOF.test(path)) return 'proof';
  if (SEAMS.has(path)) return 'seam';
  if (EDGES.has(path)) return 'edge';
  const byFolder: readonly (readonly [RegExp, Layer])[] = [
    [/^server\/contract\//, 'contract'],
    [/^server\/adapters\//, 'adapter'],
    [/^server\/(?:(?:account|main)\.ts$|wiring\/)/, 'main'],
    [
      /^server\/(?:access|alerts|audit|closures|complaints|concurrency|custody|evidence|figures|flags|gate|handover|holds|live|masks|media|nation|personal|rules|wall)\//,
      'domain',
    ],
    [/^sfu\/worker-build\//, 'worker-build'],
    [/^sfu\//, 'sfu'],
    [/^client\//, 'client'],
    [/^sample\//, 'sample'],
    [/^config\//, 'config'],
    [/^(?:local|setup)\//, 'tools'],
  ];
  return byFolder.find(([folder]) => folder.test(path))?.[1];
}

/** Edges and seams that are named here; each must exist. */
export const NAMED_MODULES: readonly string[] = [...SEAMS, ...EDGES];
