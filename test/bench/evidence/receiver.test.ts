import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { createProcessGroup, type ProcessGroup } from '../../support/processes/processes.ts';
import { removeDirectory } from '../../support/remove-directory.ts';

let directory: string;
let file: string;
let processes: ProcessGroup;
let url: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'receiver-'));
  file = join(directory, 'receiver.jsonl');
  processes = createProcessGroup();
  const receiver = processes.start(process.execPath, ['bench/evidence/actors/receiver.mjs', file]);
  const [, port] = await receiver.waitForOutput(/"port":(\d+)/);
  url = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await processes.stopAll();
  removeDirectory(directory);
});

function entries(): readonly Readonly<Record<string, unknown>>[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function post(path: string, body: string): Promise<number> {
  const headers = { 'user-agent': 'worker-1', 'webhook-id': 'dlv_1' };
  return (await fetch(url + path, { method: 'POST', headers, body })).status;
}

describe('receiver.mjs', () => {
  it('has written down what it answers, in full and numbered', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map(async (body) => await post('/0', body)))).toEqual([
      204, 204, 204,
    ]);
    const requests = entries().filter(({ kind }) => kind === 'request');
    expect(requests.map(({ body }) => body).sort()).toEqual(['a', 'b', 'c']);
    expect(requests[0]).toMatchObject({ path: '/0', sender: 'worker-1', status: 204 });
    await eventually(() => entries().filter(({ complete }) => complete === true).length === 3);
    expect(entries().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('does as it is told at one path', async () => {
    await post('/-/behave', JSON.stringify({ path: '/1', does: '500' }));
    expect([await post('/1', 'a'), await post('/0', 'b')]).toEqual([500, 204]);
    await post('/-/behave', JSON.stringify({ path: '/1', does: 'take' }));
    expect(await post('/1', 'c')).toBe(204);
  });

  it('writes down what it never answers, as no success', async () => {
    await post('/-/behave', JSON.stringify({ path: '/0', does: 'reset' }));
    await expect(post('/0', 'a')).rejects.toThrow();
    await eventually(() => entries().some(({ complete }) => complete === false));
    expect(entries()[0]).toMatchObject({ kind: 'request', status: null });
  });
});
