import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const EMPTY = { allowed_destinations: [], denied_destinations: [], allowed_ports: [], allowed_hosts: [] };
const PATH = '/v1/destination-rules';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

describe('/v1/destination-rules', () => {
  it('is empty at first, beside the lists of the configuration', async () => {
    const { status, body } = await api.operator('GET', PATH);

    expect(status).toBe(200);
    expect(body).toEqual({ ...EMPTY, updated_at: null, configured: EMPTY });
  });

  it('replaces all lists at once', async () => {
    const rules = {
      allowed_destinations: ['10.0.0.0/8', '::1'],
      denied_destinations: ['8.8.8.8', 'evil.example', 'bücher.example', 'localhost'],
      allowed_ports: [8443],
      allowed_hosts: ['example.com'],
    };
    const changed = await api.operator('PUT', PATH, rules);
    expect(changed).toMatchObject({ status: 200, body: { ...rules, updated_at: expect.any(String) } });
    expect((await api.operator('GET', PATH)).body).toEqual(changed.body);

    const fewer = await api.operator('PUT', PATH, { allowed_ports: [444] });
    expect(fewer.body).toMatchObject({ ...EMPTY, allowed_ports: [444] });
  });

  it.each<[object, string, string]>([
    [{ allowed_destinations: ['example.com'] }, '/allowed_destinations/0', 'invalid_cidr'],
    [{ allowed_destinations: ['10.0.0.0/33'] }, '/allowed_destinations/0', 'invalid_cidr'],
    [{ allowed_destinations: ['010.0.0.1'] }, '/allowed_destinations/0', 'invalid_cidr'],
    [{ allowed_destinations: ['fe80::1%eth0'] }, '/allowed_destinations/0', 'invalid_cidr'],
    [{ denied_destinations: ['ok.example', 'a b'] }, '/denied_destinations/1', 'invalid_destination'],
    [{ denied_destinations: ['https://a.example'] }, '/denied_destinations/0', 'invalid_destination'],
    [{ denied_destinations: ['10.0.0'] }, '/denied_destinations/0', 'invalid_destination'],
    [{ denied_destinations: [''] }, '/denied_destinations/0', 'invalid_destination'],
    [{ allowed_hosts: ['*'] }, '/allowed_hosts/0', 'invalid_host'],
    [{ allowed_hosts: ['10.0.0.1'] }, '/allowed_hosts/0', 'invalid_host'],
    [{ allowed_ports: [0] }, '/allowed_ports/0', 'too_small'],
    [{ allowed_ports: [65_536] }, '/allowed_ports/0', 'too_big'],
    [{ allowed_ports: ['443'] }, '/allowed_ports/0', 'invalid_type'],
    [{ ports: [443] }, '/ports', 'unknown_member'],
  ])('refuses %j at %s', async (body, pointer, code) => {
    const before = (await api.operator('GET', PATH)).body;
    const answer = await api.operator('PUT', PATH, body);

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer: `#${pointer}`, code, detail: expect.any(String) }]);
    expect((await api.operator('GET', PATH)).body).toEqual(before);
  });
});
