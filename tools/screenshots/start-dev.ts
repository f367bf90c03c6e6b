import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Posthorn as `npm start` runs it, with data of its own. */
export interface Dev {
  readonly url: string;
  call(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>>;
  /** A link that signs a browser in. */
  link(): Promise<string>;
  stop(): Promise<void>;
}

const READY = /API {10}(\S+)\/v1[\s\S]*Operator key (\S+)/;

/** Starts it on a free port, and waits until it has told where it is. */
export async function startDev(): Promise<Dev> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-screenshots-'));
  const child = spawn(process.execPath, [join('dist', 'src', 'main', 'posthorn.js'), 'dev'], {
    env: { ...process.env, POSTHORN_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const told = new Promise<RegExpExecArray>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const match = READY.exec(output);
      if (match !== null) resolve(match);
    });
    child.once('exit', () => reject(new Error(`it did not start: ${output}`)));
  });
  const [, url = '', key = ''] = await told;
  const call: Dev['call'] = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
  return {
    url,
    call,
    link: async () => String((await call('POST', '/v1/session/links')).url),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
