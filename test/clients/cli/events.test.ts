import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { type Cli, createCli } from './run.ts';

let api: ApiUnderTest;
let cli: Cli;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  cli = createCli({ POSTHORN_URL: api.url, POSTHORN_API_KEY: api.adminKey });
});
afterAll(async () => {
  cli.remove();
  await api.close();
});

describe('posthorn events', () => {
  it('finds the event of job J-7 and explains at which endpoint it did not arrive, and why', async () => {
    const url = 'https://receiver.example/';
    const { body: endpoint } = await acme('POST', '/v1/endpoints', { url, events: ['job.failed'] });
    for (const job_id of ['J-6', 'J-7', 'J-8'])
      await acme('POST', '/v1/events', { event: 'job.completed', data: { job_id } });
    const found = await cli.run(['events', 'list', '--where', 'job_id=J-7']);
    const [id = ''] = found.out.split('\t');
    expect([found.exitCode, found.out.split('\n')]).toEqual([0, [expect.stringMatching(/^evt_/), '']]);
    const { exitCode, out } = await cli.run(['events', 'explain', id]);
    const sentence = 'The endpoint took job.failed, which does not include job.completed.';
    expect([exitCode, out.trim().split('\t')]).toEqual([
      0,
      [endpoint.id, 'not_matched', 'not_subscribed', '-', sentence],
    ]);
    const { out: json } = await cli.run(['events', 'explain', id, '--json']);
    expect(JSON.parse(json)).toMatchObject({ event_id: id, endpoints: [{ sentence }], next_cursor: null });
  });

  it.each([
    [['events', 'list', '--where', 'job_id'], 2, 'is no member=value'],
    [['events', 'list', '--where', 'nothing=1'], 5, 'not_searchable'],
    [['events', 'explain', 'evt_01ARZ3NDEKTSV4RRFFQ69G5FAV'], 3, 'not_found'],
  ])('fails with a reason: %j', async (args, wanted, text) => {
    const { exitCode, err } = await cli.run(args);
    expect([exitCode, err]).toEqual([wanted, expect.stringContaining(text)]);
  });
});
