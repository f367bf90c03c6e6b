import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessGroup } from '../../test/support/processes/processes.ts';

const START_TIMEOUT_MS = 120_000;

/** A running Posthorn, with an endpoint of `acme` that answers 200. */
export interface Instance {
  readonly url: string;
  readonly key: string;
  stop(): Promise<void>;
}

/** Starts what `npm start` starts, in a data directory of its own and on free ports. */
export async function runInstance(): Promise<Instance> {
  const directory = mkdtempSync(join(tmpdir(), 'posthorn-conformance-'));
  const key = randomBytes(16).toString('hex');
  const processes = createProcessGroup();
  const stop = async (): Promise<void> => {
    await processes.stopAll();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const running = processes.startRole('dev', {
      PORT: '0',
      POSTHORN_DATA_DIR: directory,
      POSTHORN_ADMIN_KEY: key,
    });
    const [, url = ''] = await running.waitForOutput(/(http:\/\/\S+)\/docs\b/, START_TIMEOUT_MS);
    await createEndpoint(url, key);
    return { url, key, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createEndpoint(url: string, key: string): Promise<void> {
  const answer = await fetch(`${url}/v1/endpoints`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ url: `${url}/v1/echo/conformance`, customer_id: 'acme' }),
  });
  if (!answer.ok) throw new Error(`no endpoint was created: ${await answer.text()}`);
}
