import { ALERT_MESSAGES } from '#contract/alerts.ts';
import type { CONTROL_MESSAGES } from '#contract/control.ts';
import { FACILITY_MESSAGES } from '#contract/facility-link.ts';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import type { MESH_MESSAGES } from '#contract/mesh.ts';
import type { Action } from './roles.ts';

/**
 * What can be asked of Varta from outside, each with the action that the policy is asked about. A route or a message that
 * is not written here has no rule, and `npm run check` fails. Who may do which action is in `roles.ts`; both together
 * are a page for people in `docs/access.md`, made by `node config/roles/write-access-page.ts`.
 */

/** Every HTTP route, under its action. `service.probe`, `display.pair` are open to strangers. */
export const ROUTES: Readonly<Record<Action, readonly string[]>> = {
  'registry.read': [
    'GET /api/v1/facilities',
    'GET /api/v1/geometry',
    'GET /api/v1/live/registry',
    'GET /api/v1/regions',
  ],
  'status.read': [
    'GET /api/v1/areas',
    'GET /api/v1/areas/{areaId}',
    'GET /api/v1/areas/{areaId}/recent',
    'GET /api/v1/feeds/{feedId}/health',
    'GET /api/v1/live/snapshot',
  ],
  'feed.watch': [
    'GET /api/v1/feeds/{feedId}/poster.jpg',
    'POST /api/v1/feeds/{feedId}/viewer-token',
    'POST /whep/{feedId}',
    'PATCH /whep/{feedId}/{player}',
    'DELETE /whep/{feedId}/{player}',
    'GET /api/v1/watching/purposes',
    'POST /api/v1/watching/purposes',
  ],
  'gate.set': ['POST /api/v1/areas/{areaId}/gate'],
  'mask.lift': ['POST /api/v1/areas/{areaId}/mask'],
  'mask.read': ['GET /api/v1/masks'],
  'closure.read': ['GET /api/v1/closures'],
  'flag.read': ['GET /api/v1/flags', 'GET /api/v1/flags/{flagId}', 'GET /api/v1/flags/{flagId}/escalation'],
  'flag.raise': ['POST /api/v1/flags'],
  'flag.acknowledge': ['POST /api/v1/flags/{flagId}/transitions'],
  'flag.call': ['POST /api/v1/flags/{flagId}/calls'],
  'flag.shelve': ['DELETE /api/v1/flags/{flagId}/shelving', 'POST /api/v1/flags/{flagId}/shelving'],
  'flag.assign': ['GET /api/v1/assignees'],
  'flag.resolve': [],
  'flag.be-assigned': [],
  'alert.own': [
    'POST /api/v1/alerts/pushes',
    'DELETE /api/v1/alerts/pushes/{pushId}',
    'GET /api/v1/alerts/settings',
    'POST /api/v1/alerts/settings',
  ],
  'alert.path': ['GET /api/v1/alerts/path'],
  'audit.read': [
    'GET /api/v1/audit/checkpoints',
    'GET /api/v1/audit/entries',
    'GET /api/v1/audit/state',
    'GET /api/v1/audit/viewings',
    'GET /api/v1/audit/watching',
    'GET /api/v1/evidence/{evidenceId}/custody',
  ],
  'audit.export': ['GET /api/v1/audit/export', 'GET /api/v1/audit/export/ready'],
  'watching.review': ['POST /api/v1/audit/watching/{findingId}/review'],
  'hold.read': ['GET /api/v1/holds'],
  'hold.place': ['POST /api/v1/holds'],
  'hold.release': ['POST /api/v1/holds/{holdId}/release'],
  'evidence.read': [
    'GET /api/v1/evidence',
    'GET /api/v1/evidence/{evidenceId}',
    'GET /api/v1/evidence/{evidenceId}/files/{name}',
    'GET /api/v1/flags/{flagId}/evidence',
  ],
  'evidence.take': ['POST /api/v1/flags/{flagId}/evidence'],
  'evidence.export': [
    'GET /api/v1/evidence/{evidenceId}/export',
    'GET /api/v1/evidence/{evidenceId}/export/ready',
  ],
  'handover.read': [
    'GET /api/v1/handovers',
    'GET /api/v1/handovers/{handoverId}',
    'GET /api/v1/handovers/current',
  ],
  'handover.make': [
    'POST /api/v1/handovers',
    'POST /api/v1/handovers/{handoverId}/acknowledgements',
    'POST /api/v1/handovers/{handoverId}/end',
    'POST /api/v1/handovers/{handoverId}/notes',
  ],
  'case.read': ['GET /api/v1/cases', 'GET /api/v1/facilities/{facilityId}/cases/{caseId}'],
  'figures.read': ['GET /api/v1/figures', 'GET /api/v1/figures/digest'],
  'complaint.take': ['POST /api/v1/complaints'],
  'complaint.hand-in': ['POST /api/v1/intake/complaints', 'GET /api/v1/intake/facilities'],
  'complaint.read': [
    'GET /api/v1/complaints',
    'GET /api/v1/complaints/{complaintId}',
    'POST /api/v1/complaints/{complaintId}/personal',
  ],
  'complaint.answer': ['POST /api/v1/complaints/{complaintId}/transitions'],
  'custody.record': ['POST /api/v1/facilities/{facilityId}/custody/events'],
  'personal.read': [
    'POST /api/v1/facilities/{facilityId}/cases/{caseId}/notes',
    'POST /api/v1/facilities/{facilityId}/cases/{caseId}/personal',
    'GET /api/v1/purposes',
  ],
  'personal.read-earlier': ['POST /api/v1/facilities/{facilityId}/cases/{caseId}/personal/earlier'],
  'custody.ingest': ['POST /api/v1/custody/events'],
  'personal.send': ['POST /api/v1/custody/cases/{caseId}/personal'],
  'feed.publish': [
    'POST /whip/{feedId}',
    'PATCH /whip/{feedId}/{resource}',
    'DELETE /whip/{feedId}/{resource}',
  ],
  'layout.keep': [
    'GET /api/v1/filters',
    'GET /api/v1/filters/{id}/versions',
    'POST /api/v1/filters',
    'POST /api/v1/filters/{id}/removal',
    'GET /api/v1/layouts',
    'GET /api/v1/layouts/{id}/versions',
    'POST /api/v1/layouts',
    'POST /api/v1/layouts/{id}/removal',
  ],
  'display.read': [
    'GET /api/v1/displays',
    'GET /api/v1/scenes',
    'GET /api/v1/scenes/{id}/versions',
    'GET /api/v1/tours',
    'GET /api/v1/tours/{id}/versions',
    'GET /api/v1/walls',
    'GET /api/v1/walls/{id}/versions',
  ],
  'display.push': [
    'POST /api/v1/displays/{displayId}/tour',
    'POST /api/v1/displays/push',
    'POST /api/v1/scenes',
    'POST /api/v1/scenes/{id}/removal',
    'POST /api/v1/tours',
    'POST /api/v1/tours/{id}/removal',
    'POST /api/v1/walls',
    'POST /api/v1/walls/{id}/removal',
  ],
  'display.manage': [
    'POST /api/v1/displays',
    'POST /api/v1/displays/{displayId}/placing',
    'POST /api/v1/displays/{displayId}/revocation',
  ],
  'display.own': ['GET /api/v1/display', 'POST /api/v1/display/health'],
  'display.pair': ['POST /api/v1/display/pairing'],
  'session.own': [
    'POST /api/v1/session',
    'GET /api/v1/session',
    'DELETE /api/v1/session',
    'GET /api/v1/session/oidc/callback',
    'GET /api/v1/session/oidc/end',
    'GET /api/v1/session/oidc/finish',
    'POST /api/v1/session/oidc/signed-out',
    'GET /api/v1/session/oidc/start',
    'GET /api/v1/session/ways',
  ],
  'account.own': [
    'POST /api/v1/account/password',
    'POST /api/v1/account/totp',
    'POST /api/v1/account/totp/confirm',
    'POST /api/v1/session/confirm',
    'GET /api/v1/sessions',
    'DELETE /api/v1/sessions',
    'DELETE /api/v1/sessions/{sessionId}',
  ],
  'account.read': [
    'GET /api/v1/accounts',
    'GET /api/v1/accounts/{username}/sessions',
    'GET /api/v1/facilities/{facilityId}/keys',
    'GET /api/v1/intake-keys',
  ],
  'account.manage': [
    'POST /api/v1/accounts',
    'PATCH /api/v1/accounts/{username}',
    'POST /api/v1/accounts/{username}/password',
    'DELETE /api/v1/accounts/{username}/sessions',
    'DELETE /api/v1/accounts/{username}/sessions/{sessionId}',
    'DELETE /api/v1/accounts/{username}/totp',
    'POST /api/v1/accounts/{username}/unlock',
    'POST /api/v1/facilities/{facilityId}/keys',
    'DELETE /api/v1/facilities/{facilityId}/keys/{keyId}',
    'POST /api/v1/intake-keys',
    'DELETE /api/v1/intake-keys/{keyId}',
  ],
  'store.read': ['GET /api/v1/store'],
  'service.probe': [
    'GET /api/docs',
    'GET /api/openapi.json',
    'GET /api/v1/audit/keys',
    'GET /api/v1/custody/events/schema.json',
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
  ],
};

/** What WHIP and WHEP say of their own URLs (RFC 9725 §4.2), the same for everybody: also under `service.probe`. */
export const URL_DESCRIPTIONS: readonly string[] = [
  'OPTIONS /whep/{feedId}',
  'OPTIONS /whep/{feedId}/{player}',
  'OPTIONS /whip/{feedId}',
  'OPTIONS /whip/{feedId}/{resource}',
];

/** Routes that an enrolled display may call as people do, if its actions allow it; beside those of `display.own`. */
export const DISPLAY_ROUTES: readonly string[] = [
  'GET /api/v1/feeds/{feedId}/poster.jpg',
  'GET /api/v1/geometry',
  'GET /api/v1/live/registry',
  'GET /api/v1/live/snapshot',
];

/** Every message that a page or the equipment of a facility may send over its socket. */
export const MESSAGES = {
  [LIVE_MESSAGES.subscribe]: 'status.read',
  [MEDIA_MESSAGES.join]: 'feed.watch',
  [MEDIA_MESSAGES.connect]: 'feed.watch',
  [MEDIA_MESSAGES.watch]: 'feed.watch',
  [MEDIA_MESSAGES.resume]: 'feed.watch',
  [MEDIA_MESSAGES.pause]: 'feed.watch',
  [MEDIA_MESSAGES.layers]: 'feed.watch',
  [MEDIA_MESSAGES.unwatch]: 'feed.watch',
  [MEDIA_MESSAGES.leave]: 'feed.watch',
  [MEDIA_MESSAGES.silent]: 'feed.watch',
  [MEDIA_MESSAGES.seen]: 'feed.watch',
  [MEDIA_MESSAGES.open]: 'feed.watch',
  [ALERT_MESSAGES.follow]: 'alert.own',
  [ALERT_MESSAGES.claim]: 'alert.own',
  [ALERT_MESSAGES.shown]: 'alert.own',
  [FACILITY_MESSAGES.sending]: 'feed.publish',
} as const satisfies Record<string, Action>;

export type MessageName = keyof typeof MESSAGES;

/** What servers and nodes ask of a node: never on somebody's word, always on a grant that a server has signed. */
export const NODE_MESSAGES: Readonly<
  Record<keyof typeof CONTROL_MESSAGES | keyof typeof MESH_MESSAGES, string>
> = {
  'viewer:join': 'view grant: one viewer, the feeds that the policy allows them, 15 s',
  'viewer:watch': 'view grant that names the feed',
  'viewer:renew': 'view grant; feeds that it no longer names end at once',
  'viewer:connect': 'control connection; the viewer has a view grant that has not expired',
  'viewer:resume': 'control connection; the viewer has a view grant that has not expired',
  'viewer:pause': 'control connection; the viewer has a view grant that has not expired',
  'viewer:layers': 'control connection; the viewer has a view grant that has not expired',
  'viewer:unwatch': 'control connection; takes pictures away only',
  'viewer:leave': 'control connection; takes pictures away only',
  'whip:publish': 'publish grant: one facility, one feed',
  'whip:patch': 'publish grant of the same feed',
  'whip:stop': 'publish grant of the same feed',
  'whep:play': 'view grant that names this feed alone',
  'whep:patch': 'control connection; the player has a view grant that has not expired',
  'edge:sending': 'publish grant of the same feed',
  'edge:stop': 'publish grant of the same feed; takes pictures away only',
  'feed:look': 'view grant of nobody, which names the feeds; no picture leaves the node',
  'feed:unlook': 'control connection; takes pictures away only',
  'clip:begin': 'view grant of a viewer that is this clip, for one feed',
  'clip:renew': 'view grant of the same clip and feed',
  'clip:finish': 'view grant of the same clip and feed',
  'clip:read': 'control connection; the clip was ended with a view grant for it a minute ago at most',
  'clip:drop': 'control connection; takes pictures away only',
  'mesh:ping': 'nothing is given',
  'relay:prove': 'view grant that was given to the asking node',
  'relay:open': 'view grant that was given to the asking node and names the feed',
  'relay:connect': 'a pipe that the asker has opened, to its registered address',
  'relay:layers': 'a relay that the asker has opened',
  'relay:look': 'a relay that the asker has opened',
  'relay:close': 'a relay that the asker has opened',
};
