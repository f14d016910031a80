import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RtpListError, readRtpList } from './rtp-list.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'varta-rtp-list-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function read(content: unknown) {
  const file = join(directory, 'cameras.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readRtpList(file);
}

it('names the streams of each camera', async () => {
  const low = { port: 5_000, ssrc: 1 };
  const list = await read({ 'cell-1': { low, high: { port: 5_002, ssrc: 2, payloadType: 97 } } });
  expect(list.get('cell-1')).toEqual({
    low: { ...low, payloadType: 96 },
    high: { port: 5_002, ssrc: 2, payloadType: 97 },
  });
  expect(readRtpList(undefined).size).toBe(0);
});

it.each([
  ['no JSON', '{', /cameras\.json/],
  ['no layer', { 'cell-1': {} }, /cell-1: has no layer/],
  ['a wrong port', { 'cell-1': { low: { port: 0, ssrc: 1 } } }, /cell-1\.low\.port/],
  ['an unknown field', { 'cell-1': { low: { port: 1, ssrc: 1, key: 'k' } } }, /cell-1\.low/],
  [
    'a port twice',
    { 'cell-1': { low: { port: 1, ssrc: 1 } }, 'cell-2': { low: { port: 1, ssrc: 2 } } },
    /a port twice/,
  ],
])('%s is refused, with the place', async (_, content, told) => {
  const attempt = read(content);
  await expect(attempt).rejects.toThrow(RtpListError);
  await expect(attempt).rejects.toThrow(told);
});
