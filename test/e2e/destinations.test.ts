import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { type DnsServer, startDnsServer } from '../support/receivers/dns-server.ts';
import { createDatabase, type TestDatabase } from '../support/storage/database.ts';

/** Texts that are no URL of an endpoint: refused before anything is resolved, so that no attempt can ever have them. */
const NO_URLS: readonly (readonly [url: string, code: string])[] = [
  ['', 'url_empty'],
  ['ftp://x', 'url_scheme'],
  ['javascript:alert(1)', 'url_scheme'],
  ['https:example.com', 'url_scheme'],
  [`https://example.com/${'a'.repeat(9_000)}`, 'url_too_long'],
  ['https://user:pw@example.com', 'url_user_info'],
  ['https://example.com@127.0.0.1/', 'url_user_info'],
  ['https://example.com\\@127.0.0.1/', 'url_forbidden_character'],
  ['https://exam\tple.com/', 'url_forbidden_character'],
  ['https://example.com/\r\nx', 'url_forbidden_character'],
  ['https://example.com/%0d%0ax', 'url_forbidden_character'],
  ['https://example.com/#x', 'url_fragment'],
  ['https://example.com:0/', 'url_port'],
  ['https://example.com:65536/', 'url_invalid'],
  ['https://a..b/', 'url_host'],
  [`https://${'a'.repeat(64)}.example/`, 'url_host'],
  ['https://256.1.1.1/', 'url_invalid'],
  ['https://[::1', 'url_invalid'],
  ['https://[fe80::1%25eth0]/', 'url_invalid'],
];

const DENIED = 'destination_not_allowed';
/**
 * URLs that lead where deliveries may not go: refused when stored and, should they be stored all the same, at every
 * attempt.
 */
const FORBIDDEN: readonly (readonly [url: string, code: string])[] = [
  ['http://example.com/', 'scheme_not_allowed'],
  ['https://example.com:22/', 'port_not_allowed'],
  ['https://example.com:6379/', 'port_not_allowed'],
  ...[
    '127.0.0.2',
    '127.2',
    '0x7f.2',
    '2130706434',
    '\uff11\uff12\uff17.0.0.2',
    '0.0.0.0',
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.2]',
    '[64:ff9b::7f00:2]',
    '[2002:7f00:2::1]',
    '[fd00:ec2::254]',
    '169.254.169.254',
    '168.63.129.16',
    '10.0.0.1',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    'localhost',
    'localhost.',
    'foo.localhost',
    'db',
    'metadata.google.internal',
    'private.example',
    'mixed.example',
    'denied.example',
    'sub.denied.example',
    'other.test',
  ].map((host) => [`https://${host}/`, DENIED] as const),
];

let database: TestDatabase;
let sql: pg.Client;
let dns: DnsServer;
let posthorn: Posthorn;
/** The only server on the only address that may be reached. */
let receiver: Server;
let receiverUrl: string;
let accepted = 0;
const sources: (string | undefined)[] = [];
let endpoint: OwnEndpoint;

beforeAll(async () => {
  database = await createDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  dns = await startDnsServer();
  for (const name of ['example.com', 'denied.example', 'sub.denied.example', 'db', 'other.test'])
    dns.tell(name, ['93.184.216.34']);
  dns.tell('metadata.google.internal', ['93.184.216.34']);
  dns.tell('private.example', ['10.0.0.7']);
  dns.tell('mixed.example', ['93.184.216.34', '10.0.0.7']);
  receiver = createServer((_, response) => response.end('ok')).on('connection', (socket) => {
    accepted += 1;
    sources.push(socket.remoteAddress);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.9', resolve));
  receiverUrl = `http://127.0.0.9:${(receiver.address() as AddressInfo).port}`;
  posthorn = await startPosthorn({
    databaseUrl: database.url,
    environment: {
      POSTHORN_DNS_SERVERS: dns.address,
      POSTHORN_ALLOWED_DESTINATIONS: '127.0.0.9',
      POSTHORN_DENIED_DESTINATIONS: 'denied.example',
      POSTHORN_ALLOWED_HOSTS: 'example.com,example,db,localhost,internal',
      POSTHORN_EGRESS_ADDRESSES: '127.0.0.7,127.0.0.8',
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
    },
  });
  await posthorn.startWorker();
  endpoint = await posthorn.endpoint({ url: receiverUrl });
});
afterAll(async () => {
  await posthorn.stop();
  receiver.closeAllConnections();
  receiver.close();
  await dns.close();
  await sql.end();
  await database.drop();
});

describe('where deliveries may not go', () => {
  it.each(titled([...NO_URLS, ...FORBIDDEN]))('is refused at create and update: %j', async (_, url, code) => {
    const wanted = { status: 422, body: { errors: [{ pointer: '#/url', code }] } };

    const settings = { url, customer_id: endpoint.customerId };
    expect(await posthorn.call('POST', '/v1/endpoints', settings)).toMatchObject(wanted);
    expect(await posthorn.call('PATCH', `/v1/endpoints/${endpoint.id}`, { url })).toMatchObject(wanted);
    expect(await posthorn.call('GET', `/v1/endpoints/${endpoint.id}`)).toMatchObject({
      body: { url: receiverUrl },
    });
  });

  it('is not connected to by tests and deliveries, though it should stand in the database', async () => {
    for (const [url] of FORBIDDEN) {
      await sql.query('UPDATE endpoints SET url = $2 WHERE id = $1', [endpoint.id, url]);
      const test = await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/test`, {});
      expect([url, test.body]).toMatchObject([url, { status: 'dead', attempt: { error_code: DENIED } }]);
      expect(JSON.stringify(test.body)).not.toContain('10.0.0.7');
    }
    const event = await endpoint.publish();
    expect(await posthorn.untilStatus(event, 'dead')).toMatchObject({
      attempts_made: 1,
      last_error_code: DENIED,
    });
    expect(accepted).toBe(0);
  });

  it('is not connected to where a name leads there that led elsewhere when it was judged', async () => {
    const name = 'rebinding.example';
    dns.tell(name, ['93.184.216.34'], ['127.0.0.2'], ['93.184.216.34', '127.0.0.2']);
    const rebinding = await posthorn.endpoint({ url: `https://${name}/` });
    for (const asked of [2, 3]) {
      const test = await posthorn.call('POST', `/v1/endpoints/${rebinding.id}/test`, {});
      expect(test.body).toMatchObject({ status: 'dead', attempt: { error_code: DENIED } });
      expect(JSON.stringify(test.body)).not.toContain('127.0.0.2');
      // Once for each judgement: nobody asks again between judging and connecting.
      expect(dns.asked.filter((question) => question === `A ${name}`)).toHaveLength(asked);
    }
  });

  it('is open again where it is allowed', async () => {
    await sql.query('UPDATE endpoints SET url = $2 WHERE id = $1', [endpoint.id, receiverUrl]);
    const event = await endpoint.publish();

    await posthorn.untilStatus(event, 'delivered');
    expect(accepted).toBe(1);
  });

  it('comes from the first published address, or the one that the endpoint chose', async () => {
    const path = `/v1/endpoints/${endpoint.id}`;
    await posthorn.call('PATCH', path, { egress_address: '127.0.0.8' });
    await posthorn.untilStatus(await endpoint.publish(), 'delivered');

    expect(sources).toEqual(['127.0.0.7', '127.0.0.8']);
  });
});

/** Each with a title that fits on a line. */
function titled(cases: readonly (readonly [url: string, code: string])[]) {
  return cases.map(([url, code]) => [url.slice(0, 40), url, code] as const);
}
