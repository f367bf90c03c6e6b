import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Image, mayEnclose, openImage } from '../../tools/image/enclosure.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { removeDirectory } from '../support/remove-directory.ts';

const SLOW = 60_000;
const directory = mkdtempSync(join(tmpdir(), 'posthorn-image-'));

let image: Image;
let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  const root = join(directory, 'root');
  mkdirSync(root);
  image = openImage('Dockerfile', { built: process.env.POSTHORN_IMAGE_BUILT ?? checkoutAsBuilt(), root });
  posthorn = await startPosthorn();
  receiver = await startReceiver();
}, SLOW);
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
  removeDirectory(directory);
});

/** The checkout, which is built, with what only the build of an image adds. */
function checkoutAsBuilt(): string {
  const built = join(directory, 'built');
  mkdirSync(built);
  for (const name of readdirSync('.')) symlinkSync(resolve(name), join(built, name));
  writeFileSync(join(built, 'posthorn.cdx.json'), '{}');
  return built;
}

/** Runs words in the image, on loopback and with a free port of figures. */
function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): RunningProcess {
  const { command, args } = image.run(words, {
    ...posthorn.environment,
    HOST: '127.0.0.1',
    POSTHORN_METRICS_PORT: '0',
    ...environment,
  });
  return posthorn.processes.start(command, args);
}

async function start(role: string): Promise<{ process: RunningProcess; port: string }> {
  const started = run([...image.config.entrypoint, role]);
  const [, port = ''] = await started.waitForOutput(/"metrics_port":(\d+)/);
  await started.waitForOutput(new RegExp(`"msg":"${role} ready"`));
  return { process: started, port };
}

function userOf({ pid }: RunningProcess): string | undefined {
  return /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
}

async function checkHealth(port: string): Promise<string> {
  return await run(image.config.healthcheck.map((word) => word.replace(':9464/', `:${port}/`))).ended;
}

const stories: Readonly<Record<string, () => Promise<void>>> = {
  'starts the API by itself, as a user without rights, and is healthy for as long as that runs': async () => {
    expect(image.config.command).toEqual(['api']);
    const { process, port } = await start('api');
    expect(userOf(process)).toBe('1000');
    expect(await checkHealth(port)).toBe('code 0');
    expect(await process.stop()).toBe('code 0');
    expect(await checkHealth(port)).toBe('code 1');
  },

  'writes to nothing but /tmp': async () => {
    const write = async (file: string) => {
      const writing = run(['node', '-e', `require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`]);
      return { how: await writing.ended, said: writing.output() };
    };
    for (const file of ['/app/x', '/x', '/app/dist/x', '/etc/x'])
      expect(await write(file)).toMatchObject({ how: 'code 1', said: expect.stringMatching(/EROFS|EACCES/) });
    expect(await write('/tmp/x')).toMatchObject({ how: 'code 0' });
  },

  'finishes and records what a worker sends when SIGTERM comes': async () => {
    const { process } = await start('worker');
    expect(userOf(process)).toBe('1000');
    const { answer, release } = gateAnswer();
    receiver.answerWith(answer);
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/slow` });
    const event = await endpoint.publish();
    await receiver.waitForCount(1);
    process.kill('SIGTERM');
    await process.waitForOutput(/"msg":"shutting down"/);
    release();
    expect(await process.ended).toBe('code 0');
    const { status, attempts_made } = await posthorn.deliveryOf(event);
    expect({ status, attempts_made, requests: receiver.requests.length }).toEqual({
      status: 'delivered',
      attempts_made: 1,
      requests: 1,
    });
  },

  migrates: async () => {
    const migration = run([...image.config.entrypoint, 'migrate']);
    expect([await migration.ended, migration.output()]).toEqual(['code 0', expect.any(String)]);
  },
};

/** Without mounts of its own a process can only be told what an engine would be. */
const elsewhere: typeof stories = {
  'is told to an engine: who it runs as, what it starts, how it is asked for its health': async () => {
    expect(image.config).toMatchObject({ user: '1000:1000', command: ['api'], directory: '/app' });
    expect(image.config.healthcheck[0]).toBe('node');
    expect(image.run(['true'], {}).args).toContain('1000:1000');
  },
};

describe('the image', () => {
  it.each(Object.entries(mayEnclose() ? stories : elsewhere))(
    '%s',
    async (_title, story) => await story(),
    SLOW,
  );
});
