import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { addSearchAttributes } from '../../../src/temporal/ensure-temporal.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import {
  type Certificate,
  type Certificates,
  createCertificates,
} from '../../support/receivers/certificates.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';
import { removeDirectory } from '../../support/remove-directory.ts';
import { takeNamespace, temporalAddress } from '../../support/runs/temporal.ts';
import { type GrpcGate, startGrpcGate } from '../../support/temporal/grpc-gate.ts';

const SLOW = 90_000;
const directory = mkdtempSync(join(tmpdir(), 'posthorn-temporal-'));
const keyFile = join(directory, 'key');
const namespace = takeNamespace();

let gate: GrpcGate;
let certificates: Certificates;
let receiver: Receiver;
let posthorn: Posthorn;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  certificates = await createCertificates();
  gate = await startGrpcGate({
    behind: temporalAddress(),
    certificate: certificates.localhost,
    authority: certificates.authority,
  });
  receiver = await startReceiver();
  await prepareAsAdministrator();
  rotateTo('key-one');
  environment = {
    TEMPORAL_ADDRESS: gate.address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TLS_SERVER_NAME: 'localhost',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: write('authority.pem', certificates.authority),
    TEMPORAL_TLS_CLIENT_CERT_PATH: write('client.pem', certificates.valid.cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: write('client-key.pem', certificates.valid.key),
    TEMPORAL_API_KEY_FILE: keyFile,
  };
  posthorn = await startPosthorn({ temporalAddress: gate.address, namespace, environment });
  await posthorn.startWorker();
});
afterAll(async () => {
  await posthorn.stop();
  await gate.close();
  await receiver.close();
  removeDirectory(directory);
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

/** As whatever mounts secrets does: the whole file at once. */
function rotateTo(key: string): void {
  gate.acceptKey(key);
  renameSync(write('next-key', `${key}\n`), keyFile);
}

/** What those do who may, before an installation that may not is started. */
async function prepareAsAdministrator(): Promise<void> {
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection, namespace });
  await addSearchAttributes(client, { namespace, names: SEARCH_ATTRIBUTES.map((key) => key.name) });
  await connection.close();
}

async function deliver(count: number): Promise<void> {
  const endpoint = await posthorn.endpoint({ url: `${receiver.url}/hook` });
  const before = receiver.requests.length;
  for (let index = 0; index < count; index += 1) await endpoint.publish();
  await receiver.waitForCount(before + count);
}

/** `posthorn temporal` with other settings; its exit code, and what it says in how many lines. */
async function check(instead: Readonly<Record<string, string>>): Promise<{ code: string; text: string }> {
  const run = posthorn.processes.startRole('temporal', { ...environment, ...instead });
  const code = await run.ended;
  return { code, text: run.output().trim() };
}

describe('a Temporal behind TLS, client certificates, keys and without rights to operate it', () => {
  it(
    'runs deliveries, also while the key in its file is replaced',
    async () => {
      await deliver(5);
      for (const key of ['key-two', 'key-three']) {
        rotateTo(key);
        await deliver(5);
      }
      expect(gate.refused.get(7) ?? 0).toBeGreaterThan(0);
      expect([...gate.passed.keys()].some((path) => path.endsWith('/RespondWorkflowTaskCompleted'))).toBe(
        true,
      );
    },
    SLOW,
  );

  it('is found ready by the command that looks at it', async () => {
    const { code, text } = await check({});
    expect(text).toBe(`Temporal at ${gate.address}, namespace ${namespace}: ready`);
    expect(code).toBe('code 0');
  });

  it.each([
    [
      'a key that is wrong',
      () => ({ TEMPORAL_API_KEY_FILE: write('wrong', 'nobodys-key') }),
      5,
      /temporal_unauthenticated/,
    ],
    [
      'no certificate',
      () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: '', TEMPORAL_TLS_CLIENT_KEY_PATH: '' }),
      [3, 4],
      /temporal_/,
    ],
    ['a key that has expired', () => expiredKey(), 5, /temporal_unauthenticated: token is expired/],
    ['a certificate of a stranger', () => clientCertificate(certificates.untrusted), [3, 4], /temporal_/],
    ['a certificate that has expired', () => clientCertificate(certificates.expired), [3, 4], /temporal_/],
    [
      'another authority',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: write('other.pem', certificates.selfSigned.cert) }),
      4,
      /temporal_certificate_refused/,
    ],
    [
      'another name',
      () => ({ TEMPORAL_TLS_SERVER_NAME: 'elsewhere.example' }),
      4,
      /temporal_certificate_refused/,
    ],
    [
      'an unknown namespace',
      () => ({ TEMPORAL_NAMESPACE: 'nobodys' }),
      7,
      /temporal_namespace_unknown.+namespace create/s,
    ],
    ['nobody there', () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }), 3, /temporal_unreachable/],
    ['a certificate without its key', () => ({ TEMPORAL_TLS_CLIENT_KEY_PATH: '' }), 1, /needed together/],
    ['a file that is not there', () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere' }), 1, /TEMPORAL_/],
  ] as const)(
    'says of %s what is wrong, in few words, and by its exit code',
    async (_what, instead, exit, told) => {
      const { code, text } = await check(instead());
      expect({
        code,
        text,
        isRight: [exit].flat().some((number) => code === `code ${number}`),
      }).toMatchObject({ isRight: true });
      expect(text).toMatch(told);
      expect(text).not.toMatch(/node_modules|\n\s+at /);
      expect(text.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(2);
    },
  );

  it('says once what is wrong while it is tried again, and goes on once it is right', async () => {
    gate.acceptKey('somebody-else');
    const { code } = await posthorn
      .api()
      .waitForOutput(/"code":"temporal_unauthenticated"/)
      .then(() => ({ code: true }));
    expect(code).toBe(true);
    rotateTo('key-four');
    await posthorn.api().waitForOutput(/"msg":"Temporal can be used again"/);
    await deliver(1);
    const lines =
      posthorn
        .api()
        .output()
        .match(/"code":"temporal_unauthenticated"/g) ?? [];
    expect(lines.length).toBeLessThanOrEqual(3);
  });

  it('is not needed to be ready: health says why it is not', async () => {
    await eventually(async () => (await posthorn.call('GET', '/v1/health/ready')).status === 200);
  });
});

function clientCertificate({ cert, key }: Certificate): Readonly<Record<string, string>> {
  return {
    TEMPORAL_TLS_CLIENT_CERT_PATH: write('other-client.pem', cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: write('other-client-key.pem', key),
  };
}

function expiredKey(): Readonly<Record<string, string>> {
  gate.expireKey('key-of-last-year');
  return { TEMPORAL_API_KEY_FILE: write('expired', 'key-of-last-year') };
}
