import { describe, expect, it } from 'vitest';
import { EdgeSettings, isEdge } from './edge.ts';
import { parseSettings } from './parse.ts';

const needed = {
  EDGE_SERVER_URL: 'https://varta.example',
  EDGE_FACILITY_ID: 'ua-68-itt-1',
  EDGE_FACILITY_KEY: 'k'.repeat(32),
  EDGE_RTP_FILE: 'cameras.json',
};

describe('the settings of an edge', () => {
  it('are enough without Redis, grant keys and a control port', () => {
    expect(parseSettings(EdgeSettings, needed)).toMatchObject({ EDGE_UPLINK_PORT_MIN: 47_000 });
    expect(isEdge(needed)).toBe(true);
    expect(isEdge({ EDGE_SERVER_URL: '' })).toBe(false);
  });

  it.each([
    ['no key', { EDGE_FACILITY_KEY: '' }, /EDGE_FACILITY_KEY/],
    ['two keys', { EDGE_FACILITY_KEY_FILE: '/run/key' }, /EDGE_FACILITY_KEY/],
    ['no cameras', { EDGE_RTP_FILE: '' }, /EDGE_RTP_FILE/],
    ['no facility', { EDGE_FACILITY_ID: '' }, /EDGE_FACILITY_ID/],
  ])('are refused with %s, and never shown', (_, change, told) => {
    const attempt = () => parseSettings(EdgeSettings, { ...needed, ...change });
    expect(attempt).toThrow(told);
    expect(attempt).not.toThrow(/kkkk/);
  });
});
