import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { eventually } from '../support/eventually.ts';
import { type Canary, createCanary, findLeaks, type Place } from '../support/processes/canaries.ts';
import {
  beginRun,
  type CanaryRun,
  type GivenCanaries,
  killInMidRequest,
  readEverything,
  rotateSecrets,
  sendBadRequests,
} from '../support/processes/canary-run.ts';
import {
  type CanaryStage,
  type ConfiguredCanaries,
  openCanaryStage,
} from '../support/processes/canary-stage.ts';
import { createProcessGroup } from '../support/processes/processes.ts';
import { createCertificates } from '../support/receivers/certificates.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const newKey = () => randomBytes(32).toString('base64');

const configured: ConfiguredCanaries = {
  adminKey: createCanary("the operator's key"),
  masterKey: createCanary('the master key', { text: newKey() }),
  databasePassword: createCanary('the password of Postgres'),
  proxyPassword: createCanary('the password of the proxy'),
};
const wrongMasterKey = createCanary('another master key', { text: newKey() });
const nextMasterKey = createCanary('the next master key', { text: newKey() });
const badSetting = createCanary('a secret in a setting that makes no sense');

let given: GivenCanaries;
let stage: CanaryStage;
let receiver: Receiver;
let run: CanaryRun;
let canaries: readonly Canary[];
/** What commands wrote, those that failed and those that did not. */
const written: string[] = [];

beforeAll(async () => {
  const certificates = await createCertificates();
  given = createGivenCanaries(certificates.valid.key);
  receiver = await startReceiver();
  stage = await openCanaryStage(configured, certificates);
  run = await beginRun(stage, { canaries: given, receiver });
  canaries = [
    ...Object.values(given),
    ...Object.values(configured),
    wrongMasterKey,
    nextMasterKey,
    badSetting,
    run.customerKey,
  ];
  await Promise.all([startWrongly(), letAllHappen()]);
}, 480_000);
afterAll(async () => {
  await stage.close();
  await receiver.close();
});

describe('a secret', () => {
  it('has been where it should be', async () => {
    const sent = JSON.stringify(receiver.requests.map(({ headers }) => headers));
    for (const { text } of [given.header, given.authorization, given.cookie]) expect(sent).toContain(text);
    const outcomes = await stage.sql(
      "SELECT DISTINCT coalesce(error_code, 'none') AS code FROM attempts ORDER BY 1",
    );
    expect(outcomes.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'connection_refused',
        'dns_not_found',
        'http_500',
        'none',
        'outcome_unknown',
        'proxy_failed',
        'timeout',
        'tls_certificate_invalid',
      ]),
    );
    const statuses = new Set(run.answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 202, 400, 403, 404, 422, 500, 503]));
  });

  it('is in no line of the log of any process', () => {
    for (const { output } of stage.processes) expect(leaksIn('log', output())).toEqual([]);
    for (const output of written) expect(leaksIn('log', output)).toEqual([]);
  });

  it('is in no answer of the API', () => {
    for (const { request, text } of run.answers)
      expect([request, leaksIn('answer', text)]).toEqual([request, []]);
  });

  it('is in no table in clear', async () => {
    const [stored] = await stage.sql("SELECT string_agg(data, '') AS data FROM events");
    const payload = { ...given.payload, mayBeIn: [] };
    expect(findLeaks([payload], { place: 'table', content: String(stored?.data) })).toEqual([payload.name]);
    const tables = await stage.sql(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT LIKE 'pg\\_%'
         AND schemaname <> 'information_schema'`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const rows = await stage.sql(`SELECT t::text AS row FROM ${name} t`);
      const content = rows.map(({ row }) => String(row)).join('\n');
      expect([name, leaksIn('table', content)]).toEqual([name, []]);
    }
  });

  it('is in no history of Temporal, nor anywhere in its data', async () => {
    const connection = await Connection.connect({ address: stage.temporalAddress });
    const client = new Client({ connection, namespace: 'default' });
    let histories = 0;
    for await (const { workflowId, runId } of client.workflow.list()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const bytes = Buffer.from(temporal.api.history.v1.History.encode(history).finish());
      expect([workflowId, leaksIn('temporal', bytes)]).toEqual([workflowId, []]);
      if (bytes.includes(run.endpoints[0] ?? '?')) histories += 1;
    }
    await connection.close();
    expect(histories).toBeGreaterThan(0);
    for (const file of stage.serverFiles.temporal.filter((path) => existsSync(path)))
      expect([file, leaksIn('temporal', readFileSync(file))]).toEqual([file, []]);
  });

  it('is in no log of the servers', () => {
    for (const file of stage.serverFiles.logs)
      expect([file, leaksIn('server log', readFileSync(file))]).toEqual([file, []]);
  });
});

function leaksIn(place: Place, content: string | Buffer): readonly string[] {
  return findLeaks(canaries, { place, content });
}

function createGivenCanaries(clientKey: string): GivenCanaries {
  return {
    signingSecret: createCanary('the signing secret', { text: `whsec_${newKey()}` }),
    rotatedSecret: createCanary('the next signing secret', { text: `whsec_${newKey()}` }),
    header: createCanary('a sensitive header'),
    authorization: createCanary('an Authorization header'),
    cookie: createCanary('a Cookie header'),
    clientKey: createCanary('a client key', { text: clientKey }),
    userInfo: createCanary('user info in a URL'),
    // Whoever asks for another customer is told whom they asked for.
    query: createCanary('a query', { mayBeIn: ['answer'] }),
    brokenBody: createCanary('a bad body'),
    toolSecret: createCanary('a secret given to the tools', { text: `whsec_${newKey()}` }),
    payload: createCanary("an event's data", { mayBeIn: ['table', 'answer', 'server log'] }),
    idempotencyKey: createCanary('an idempotency key', { mayBeIn: ['table'] }),
    // The receiver gave it away, in a body that is kept for who has to find out what went wrong.
    echoed: createCanary('a header that the receiver answers', { mayBeIn: ['table', 'answer'] }),
  };
}

/** Starts that fail for want of a good setting, and tell what is wrong with it. */
async function startWrongly(): Promise<void> {
  const processes = createProcessGroup();
  const secret = badSetting.text;
  const wrongs: readonly Readonly<Record<string, string>>[] = [
    { DATABASE_URL: `postgres://user:${secret}@host:x/` },
    { DATABASE_URL: `user:${secret}@host/database` },
    { DATABASE_URL: `mysql://host/?user=u&password=${secret}` },
    { DATABASE_URL: `postgres://user:${secret}@127.0.0.1:9/x` },
    { POSTHORN_MASTER_KEY: secret },
    { POSTHORN_ADMIN_KEY: secret.slice(0, 15) },
    { POSTHORN_PROXY_URL: `https://user:${secret}@proxy:1` },
    { POSTHORN_PROXY_URL: `user:${secret}@proxy:1` },
    { POSTHORN_PROXY_URL: `http://user:${secret}@proxy:x` },
    { POSTHORN_PROXY_URL: `http://${secret}@proxy/path` },
  ];
  for (const wrong of wrongs) {
    // The other roles wait for a Postgres that cannot be reached.
    const role = 'DATABASE_URL' in wrong ? 'migrate' : 'api';
    const started = processes.startRole(role, { ...stage.posthorn.environment, ...wrong });
    expect(await started.ended).toBe('code 1');
    written.push(started.output());
  }
}

async function letAllHappen(): Promise<void> {
  const answer = ({ path, headers }: ReceivedRequest) => {
    if (path === '/failing') return { status: 500, body: 'no' };
    if (path === '/echoing') return { status: 500, body: JSON.stringify(headers['x-echo']) };
    return path === '/hanging' ? { instead: 'hang' as const } : {};
  };
  receiver.answerWith(answer);
  const worker = await stage.startWorker();
  await run.publish();
  await run.untilAllEnded();
  await sendBadRequests(run, given);
  await worker.stop();
  await killInMidRequest(stage, { run, receiver });
  receiver.answerWith(answer);
  await tryAnotherMasterKey();
  await rotateSecrets(run, given);
  await replaceMasterKey();
  await run.untilAllEnded();
  await breakTables();
  await stage.withoutPostgres(async () => {
    await sendBadRequests(run, given);
    await run.ask('POST', '/v1/endpoints', { url: `${receiver.url}/new`, secret: given.signingSecret.text });
    await run.publish().catch(() => '');
  });
  await run.untilAllEnded();
  expect(await readEverything(run)).toBeGreaterThan(50);
}

async function tryAnotherMasterKey(): Promise<void> {
  const stranger = await stage.startWorker(wrongMasterKey.text);
  await run.publish();
  await stranger.waitForOutput(/do not open/);
  await stranger.stop();
}

/** As `docs/operate/master-key.md` tells, but that no worker runs meanwhile. */
async function replaceMasterKey(): Promise<void> {
  const both = `${nextMasterKey.text},${configured.masterKey.text}`;
  await stage.restartApi(both);
  await stage.startWorker(both);
  const isDone = async (): Promise<boolean> => {
    const command = stage.posthorn.command('keys', 'rotate-master');
    const ended = await command.ended;
    written.push(command.output());
    return ended === 'code 0';
  };
  // Processes that were killed count for half a minute.
  await eventually(isDone, { timeoutMs: 60_000, intervalMs: 2_000 });
}

/** Statements that fail where nobody expects it, with everything that they were given. */
async function breakTables(): Promise<void> {
  const impossible = [
    'endpoints',
    'endpoint_secrets',
    'events',
    'open_deliveries',
    'ended_deliveries',
    'audit_entries',
    'further_attempts',
  ];
  const settings = {
    url: `${receiver.url}/new`,
    secret: given.signingSecret.text,
    headers: { Cookie: given.cookie.text },
  };
  for (const table of impossible) {
    await stage.sql(`ALTER TABLE ${table} ADD CONSTRAINT impossible CHECK (false) NOT VALID`);
    await run.ask('POST', '/v1/endpoints', settings);
    await run.ask('PATCH', `/v1/endpoints/${run.endpoints[0]}`, { headers: settings.headers });
    await run.publish().catch(() => '');
    await stage.sql(`ALTER TABLE ${table} DROP CONSTRAINT impossible`);
    await stage.sql(`ALTER TABLE ${table} RENAME TO away`);
    await run.ask('POST', '/v1/endpoints', settings);
    await run.publish().catch(() => '');
    await stage.sql(`ALTER TABLE away RENAME TO ${table}`);
  }
}
