import { z } from 'zod';
import { eventually } from '../eventually.ts';
import { gateAnswer } from '../receivers/gated-answer.ts';
import type { Receiver } from '../receivers/receiver.ts';
import { type Canary, createCanary } from './canaries.ts';
import type { CanaryStage } from './canary-stage.ts';

/** What requests carry, and endpoints keep. */
export interface GivenCanaries {
  readonly signingSecret: Canary;
  readonly rotatedSecret: Canary;
  readonly header: Canary;
  readonly authorization: Canary;
  readonly cookie: Canary;
  readonly clientKey: Canary;
  readonly userInfo: Canary;
  readonly query: Canary;
  readonly brokenBody: Canary;
  readonly toolSecret: Canary;
  readonly payload: Canary;
  readonly idempotencyKey: Canary;
  readonly echoed: Canary;
}

/** What the API answered to one request, headers and all. */
export interface GivenAnswer {
  readonly request: string;
  readonly status: number;
  readonly text: string;
}

export interface CanaryRun {
  /** Every answer but those that are to show a secret: once, or to who asks for it. */
  readonly answers: GivenAnswer[];
  /** The customer's key, known once the run has begun. */
  readonly customerKey: Canary;
  readonly endpoints: readonly string[];
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  /** The same with the operator's key. */
  askAsOperator(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Publishes one event of the customer to all its endpoints. */
  publish(): Promise<string>;
  /** Waits until none of the customer's deliveries is open. */
  untilAllEnded(): Promise<void>;
}

const withId = z.object({ id: z.string() });
const withKey = z.object({ key: z.string() });
const page = z.object({ items: z.array(z.object({ status: z.string() })) });

/** Makes a customer's key and its endpoints, one for each way in which deliveries end; all keep the same secrets. */
export async function beginRun(
  { posthorn, tlsUrl, untrustedUrl, certificates }: CanaryStage,
  { canaries, receiver }: { readonly canaries: GivenCanaries; readonly receiver: Receiver },
): Promise<CanaryRun> {
  const answers: GivenAnswer[] = [];
  const asking =
    (key: string) =>
    async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const answer = await send(posthorn.url() + path, {
        method,
        body,
        headers: { Authorization: `Bearer ${key}`, ...headers },
      });
      const isShownOnce = answer.status === 201 && /^\/v1\/(endpoints|api-keys)$/.test(path);
      const isAskedFor = answer.status === 200 && /\/secret(\/rotate)?$/.test(path);
      if (!isShownOnce && !isAskedFor) answers.push({ request: `${method} ${path}`, ...answer });
      return readJson(answer.text);
    };
  const askAsOperator = asking(posthorn.environment.POSTHORN_ADMIN_KEY ?? '');
  const { key } = withKey.parse(await askAsOperator('POST', '/v1/api-keys', { customer_id: 'acme' }));
  const ask = asking(key);
  const targets: readonly object[] = [
    { url: `${receiver.url}/fine` },
    { url: `${receiver.url}/failing` },
    { url: `${receiver.url}/hanging`, timeout_ms: 300 },
    {
      url: `${receiver.url}/echoing`,
      headers: { 'X-Echo': { value: canaries.echoed.text, sensitive: true } },
    },
    { url: 'http://127.0.0.1:9/' },
    { url: untrustedUrl },
    {
      url: tlsUrl,
      tls: { client_certificate: certificates.valid.cert, client_key: canaries.clientKey.text },
    },
    { url: 'https://refused.example/' },
    { url: 'https://nowhere.example/' },
  ];
  const endpoints: string[] = [];
  for (const target of targets) {
    const { id } = withId.parse(await ask('POST', '/v1/endpoints', { ...settingsWith(canaries), ...target }));
    endpoints.push(id);
  }
  return {
    answers,
    customerKey: createCanary("the customer's API key", { text: key }),
    endpoints,
    ask,
    askAsOperator,
    publish: async () => {
      const event = { event: 'job.completed', data: { job_id: 'j', note: canaries.payload.text } };
      const once = `${canaries.idempotencyKey.text}-${answers.length}`;
      return withId.parse(await ask('POST', '/v1/events', event, { 'Idempotency-Key': once })).id;
    },
    untilAllEnded: async () => {
      const open = '/v1/deliveries?status=queued,sending,retrying,held&limit=100';
      let last: unknown = null;
      const isOver = async (): Promise<boolean> => {
        last = await ask('GET', open);
        return page.parse(last).items.length === 0;
      };
      await eventually(isOver, { timeoutMs: 150_000, intervalMs: 250 }).catch((cause: unknown) => {
        throw new Error(`deliveries did not end: ${JSON.stringify(last).slice(0, 2_000)}`, { cause });
      });
    },
  };
}

function settingsWith({ signingSecret, header, authorization, cookie }: GivenCanaries): object {
  return {
    secret: signingSecret.text,
    events: ['job.*'],
    timeout_ms: 1_000,
    headers: {
      'X-Token': { value: header.text, sensitive: true },
      Authorization: `Bearer ${authorization.text}`,
      Cookie: `session=${cookie.text}`,
    },
    retry: { strategy: 'schedule', delays_ms: [200] },
    breaker: { consecutive_failures: 1_000, failure_ratio: 1, minimum_attempts: 10_000 },
  };
}

/** Requests that are refused, with something in them that is nobody's business. */
export async function sendBadRequests({ ask, endpoints }: CanaryRun, canaries: GivenCanaries): Promise<void> {
  const { userInfo, query, brokenBody, toolSecret } = canaries;
  const urls = [
    'example.com',
    '[::1',
    '256.1.1.1',
    'a..b',
    'example.com:0',
    'exam ple.com',
    'example.com/#x',
  ];
  for (const host of urls)
    for (const url of [`https://user:${userInfo.text}@${host}/`, `https://${userInfo.text}@${host}/`]) {
      await ask('POST', '/v1/endpoints', { url });
      await ask('PATCH', `/v1/endpoints/${endpoints[0]}`, { url });
    }
  for (const path of ['/v1/deliveries', '/v1/nothing', '/v1/events/evt_0', '/v1/health/live', '/docs'])
    for (const name of ['cursor', 'token', 'limit', 'after', 'customer_id'])
      await ask('GET', `${path}?${name}=${query.text}`);
  const secret = brokenBody.text;
  for (const path of ['/v1/events', '/v1/events/batch', '/v1/endpoints', '/v1/tools/sign'])
    for (const body of [
      `{"event":"${secret}`,
      `{"data":"${secret}"}`,
      `{"event":"job.completed","data":"${secret}","secret":"${secret}"}`,
      `{"secret":"whsec_${secret}","url":"${secret}","headers":{"X-A":"${secret}\\u0000","Host":"${secret}"}}`,
      `{"tls":{"client_key":"${secret}","client_certificate":"${secret}"},"url":"https://example.com/"}`,
      `{"url":"https://example.com/","headers":{"X-Long":"${secret.repeat(100)}"}}`,
    ])
      await ask('POST', path, body);
  const tool = { secret: toolSecret.text, body: '{"a":1}' };
  await ask('POST', '/v1/tools/verify', tool);
  await ask('POST', '/v1/tools/verify', { ...tool, headers: { 'webhook-signature': 'v1,x' } });
  await ask('POST', '/v1/tools/sign', { secret: toolSecret.text, event: 'job.completed', data: {} });
}

/**
 * Every GET of the OpenAPI document that has no id, and those of things that there are; as the customer and the
 * operator.
 */
export async function readEverything({ ask, askAsOperator, endpoints }: CanaryRun): Promise<number> {
  const paths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const document = paths.parse(await ask('GET', '/docs-json')).paths;
  const lists = Object.keys(document).filter(
    (path) => !path.includes('{') && 'get' in (document[path] ?? {}),
  );
  const ids = z.object({ items: z.array(z.object({ id: z.string().optional() })) });
  let read = 0;
  for (const asking of [ask, askAsOperator])
    for (const path of lists) {
      const answer = ids.safeParse(await asking('GET', path)).data?.items ?? [];
      const readable = answer.flatMap(({ id }) =>
        id !== undefined && `${path}/{id}` in document ? [id] : [],
      );
      for (const id of readable) await asking('GET', `${path}/${id}`);
      read += 1 + readable.length;
    }
  for (const id of endpoints) await ask('POST', `/v1/endpoints/${id}/test`, {});
  return read;
}

/** The signing secret of each endpoint is replaced, looked at, and the old one revoked. */
export async function rotateSecrets(
  { ask, endpoints }: CanaryRun,
  { rotatedSecret }: GivenCanaries,
): Promise<void> {
  for (const path of endpoints.map((id) => `/v1/endpoints/${id}/secret`)) {
    await ask('POST', `${path}/rotate`, { secret: rotatedSecret.text });
    await ask('POST', `${path}/rotate`, { secret: rotatedSecret.text });
    await ask('GET', path);
    await ask('POST', `${path}/promote`);
    await ask('POST', `${path}/revoke`);
  }
}

/** A worker and an API are killed in the middle of a request, and go on. */
export async function killInMidRequest(
  { startWorker, restartApi }: CanaryStage,
  { run, receiver }: { readonly run: CanaryRun; readonly receiver: Receiver },
): Promise<void> {
  const worker = await startWorker();
  const { answer, release } = gateAnswer();
  const before = receiver.requests.length;
  receiver.answerWith(answer);
  await run.publish();
  await receiver.waitForCount(before + 1);
  worker.kill('SIGKILL');
  await worker.ended;
  await restartApi();
  release();
}

async function send(
  url: string,
  { method, body, headers }: { method: string; body: unknown; headers: Readonly<Record<string, string>> },
): Promise<{ readonly status: number; readonly text: string }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: text }),
  });
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  return { status: response.status, text: `${lines.join('\n')}\n\n${await textOf(response)}` };
}

/** Streams do not end by themselves: of them it is what they begin with. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return await response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return Buffer.from(first?.value ?? []).toString();
}

function readJson(answer: string): unknown {
  try {
    return JSON.parse(answer.slice(answer.indexOf('\n\n') + 2));
  } catch {
    return null;
  }
}
