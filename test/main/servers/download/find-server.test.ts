import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type FindServerOptions,
  findTemporalCli,
  type ServerSource,
} from '../../../../src/main/servers/download/find-server.ts';
import { newDataDirectory } from '../../../support/runs/temporal.ts';

const WORKING = '#!/bin/sh\nexit 0\n';
const BROKEN = '#!/bin/sh\nexit 1\n';

let onPath: string;
let cacheDir: string;
let cached: string;
let fetched: string[];
let options: FindServerOptions;

beforeEach(() => {
  onPath = join(newDataDirectory(), 'temporal');
  cacheDir = newDataDirectory();
  cached = join(cacheDir, 'temporal-1.9.1', 'temporal');
  fetched = [];
  options = {
    searchPath: [dirname(onPath)],
    cacheDir,
    sources: [source('first', 'fetched'), source('second', 'fetched')],
  };
});

describe('findTemporalCli', () => {
  it('takes the named program before everything else', async () => {
    const named = program(join(newDataDirectory(), 'mine'));
    program(onPath);
    program(cached);
    expect(await findTemporalCli({ ...options, named })).toBe(named);
  });

  it('looks a named program without a directory up on PATH', async () => {
    program(onPath);
    expect(await findTemporalCli({ ...options, named: 'temporal' })).toBe(onPath);
  });

  it('takes nothing else when the named program cannot be run', async () => {
    program(onPath);
    const found = findTemporalCli({ ...options, named: '/nowhere/temporal' });
    await expect(found).rejects.toThrow('TEMPORAL_CLI="/nowhere/temporal" is no program that can be run');
  });

  it('takes the one on PATH before the cached one', async () => {
    program(onPath);
    program(cached);
    expect(await findTemporalCli(options)).toBe(onPath);
  });

  it('passes over one on PATH that does not run', async () => {
    program(onPath, BROKEN);
    program(cached);
    expect(await findTemporalCli(options)).toBe(cached);
  });

  it('fetches nothing when it is cached', async () => {
    program(cached);
    expect(await findTemporalCli(options)).toBe(cached);
    expect(fetched).toEqual([]);
  });

  it('fetches it once into the cache, by the first way that works, and says so', async () => {
    const lines: string[] = [];
    const found = await findTemporalCli({ ...options, onProgress: (line) => lines.push(line) });
    expect(found).toBe(cached);
    expect(fetched).toEqual(['first']);
    expect(readFileSync(cached, 'utf8')).toBe('fetched');
    expect(readdirSync(dirname(cached))).toEqual(['temporal']);
    expect(lines).toEqual([expect.stringContaining('Fetching the Temporal server')]);
  });

  it('goes on to the next way when one fails, and leaves no half program behind', async () => {
    const sources = [source('first', 'half', 'the line broke'), source('second', 'whole')];
    await findTemporalCli({ ...options, sources });
    expect(fetched).toEqual(['first', 'second']);
    expect(readFileSync(cached, 'utf8')).toBe('whole');
    expect(readdirSync(dirname(cached))).toEqual(['temporal']);
  });

  it('tells every reason and what can be set when all ways fail', async () => {
    const sources = [source('wheel', '', 'no pip on PATH'), source('official download', '', 'no answer')];
    await expect(findTemporalCli({ ...options, sources })).rejects.toThrow(
      'No Temporal server could be had (wheel: no pip on PATH; official download: no answer): set TEMPORAL_ADDRESS',
    );
  });
});

function program(file: string, text: string = WORKING): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o755 });
  return file;
}

/** A way to fetch that writes this text, and then may fail. */
function source(name: string, text: string, failure?: string): ServerSource {
  return {
    name,
    async fetch(_download, target) {
      fetched.push(name);
      writeFileSync(target, text, { mode: 0o755 });
      if (failure !== undefined) throw new Error(failure);
    },
  };
}
