import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FacilityKeyList } from '#contract/accounts.ts';
import { GATE_AREA, GATE_FACILITY, type GateSystem } from '../test/fixtures/gate-system.ts';

/** What somebody does, at the server that nobody watches at, signed in before so that only the act itself takes time. */
export type Act = (method: string, path: string, body?: object) => Promise<unknown>;

/** Signs somebody in at the other server. */
export async function actAs({ servers }: GateSystem, username: string): Promise<Act> {
  const [, { origin }] = servers;
  const cookie = await servers[1].signIn(username);
  return async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      headers: { cookie, origin, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
}

/** A screen that somebody has enrolled: its id, and its cookie. */
export async function enrolDisplay(
  { servers }: GateSystem,
  act: Act,
): Promise<{ displayId: string; cookie: string }> {
  const [{ origin }] = servers;
  const paired = await fetch(`${origin}/api/v1/display/pairing`, { method: 'POST', headers: { origin } });
  const cookie = paired.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  const { code } = z.object({ code: z.string() }).parse(await paired.json());
  const placing = { name: 'Bench', place: 'Bench', diagonalInches: 55, distanceM: 4, code };
  const { id } = z.object({ id: z.string() }).parse(await act('POST', '/api/v1/displays', placing));
  return { displayId: id, cookie };
}

/** Revokes every key of the facility that the camera is in. */
export async function revokeKeys(act: Act): Promise<void> {
  const path = `/api/v1/facilities/${GATE_FACILITY}/keys`;
  const { items } = FacilityKeyList.parse(await act('GET', path));
  await Promise.all(items.map(({ keyId }) => act('DELETE', `${path}/${keyId}`)));
}

/** Posts an event of one person in the area, as having happened now. */
export async function postEvent({ servers }: GateSystem, type: string): Promise<void> {
  const [server] = servers;
  const at = new Date().toISOString();
  const event = {
    id: randomUUID(),
    type,
    areaId: GATE_AREA,
    caseId: 'cr-bench-1',
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'bench',
  };
  const response = await fetch(`${server.origin}/api/v1/custody/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.facilityKeyOf(GATE_FACILITY)}`,
    },
    body: JSON.stringify({ events: [event] }),
  });
  const text = await response.text();
  if (!response.ok || !text.includes('accepted')) throw new Error(`event not accepted: ${text}`);
}
