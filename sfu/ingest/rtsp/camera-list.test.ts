import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CameraListError, readCameraList } from './camera-list.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'varta-cameras-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const high = { url: 'rtsp://10.0.0.2/main?channel=1&subtype=0' };
const byEnv = { username: 'operator', passwordEnv: 'CELL_1' };

function problemsOf(list: unknown, environment: Record<string, string> = {}): string {
  try {
    readCameraList(write('cameras.json', list), environment);
  } catch (error) {
    expect(error).toBeInstanceOf(CameraListError);
    return (error as Error).message;
  }
  return '';
}

describe('readCameraList', () => {
  it('reads streams, and passwords from the environment or from a file beside it', () => {
    write('secret', 'p:w @\n');
    const byFile = { username: 'operator', passwordFile: 'secret' };
    const file = write('cameras.json', {
      'cell-1': { high, low: { url: 'rtsps://[fe80::1]:322/sub' }, credentials: byEnv },
      'cell-2': { high, credentials: byFile },
      'cell-3': { high },
    });
    const list = readCameraList(file, { CELL_1: 'hunter2' });
    expect(list.get('cell-1')?.streams.low?.href).toBe('rtsps://[fe80::1]:322/sub');
    expect(list.get('cell-1')?.credentials()).toEqual({ username: 'operator', password: 'hunter2' });
    expect(list.get('cell-2')?.credentials()).toEqual({ username: 'operator', password: 'p:w @' });
    expect(list.get('cell-3')?.credentials()).toBeUndefined();
    write('secret', 'changed');
    expect(list.get('cell-2')?.credentials()?.password).toBe('changed');
  });

  it('is empty without a file', () => {
    expect(readCameraList(undefined, {}).size).toBe(0);
  });

  it.each([
    [{ 'cell-1': { high: { url: 'http://camera/' } } }, 'cell-1.high.url: must be rtsp://host/'],
    [{ 'cell-1': { high: { url: 'rtsp:camera' } } }, 'cell-1.high.url: must be rtsp://host/'],
    [
      { 'cell-1': { high: { url: 'rtsp://a:hunter2@b/' } } },
      'cell-1.high.url: must not hold a name or password',
    ],
    [{ 'cell-1': { low: high } }, 'cell-1.high: '],
    [{ 'cell-1': { high, password: 'hunter2' } }, 'cell-1: '],
    [{ 'cell-1': { high, credentials: { username: 'a', password: 'hunter2' } } }, 'cell-1.credentials: '],
    [
      { 'cell-1': { high, credentials: { ...byEnv, passwordFile: 'x' } } },
      'cell-1.credentials: needs either',
    ],
    [{ 'cell-1': { high, credentials: { username: 'a' } } }, 'cell-1.credentials: needs either'],
    [{ 'cell-1': { high, credentials: byEnv } }, 'cell-1.credentials: CELL_1 is empty or not set'],
    [{ 'Cell 1!': { high } }, 'Cell 1!'],
    ['{"cell-1": "hunter2"', 'is not JSON'],
    ['[]', 'cameras.json: '],
  ])('says where %j is wrong, and quotes no secret', (list, problem) => {
    const message = problemsOf(list);
    expect(message).toContain(problem);
    expect(message).not.toContain('hunter2');
  });

  it('says that a file cannot be read', () => {
    expect(() => readCameraList(join(folder, 'nothing'), {})).toThrow(/cannot be read \(ENOENT\)/);
    const credentials = { username: 'a', passwordFile: 'nothing' };
    expect(problemsOf({ 'cell-1': { high, credentials } })).toContain('cannot be read (ENOENT)');
    write('long', 'x'.repeat(5_000));
    expect(
      problemsOf({ 'cell-1': { high, credentials: { ...credentials, passwordFile: 'long' } } }),
    ).toContain('it is too long');
  });
});
