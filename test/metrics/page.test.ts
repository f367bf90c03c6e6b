import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MetricsPage, openMetricsPage } from '../../src/metrics/page.ts';
import '../../src/metrics/attempt-metrics.ts';
import '../../src/metrics/http-metrics.ts';
import '../../src/metrics/publish-metrics.ts';
import '../../src/metrics/state-metrics.ts';
import '../../src/metrics/store-metrics.ts';
import '../../src/metrics/worker-metrics.ts';
import { registry } from '../../src/metrics/registry.ts';

/** What would tell customers, endpoints or deliveries apart, of which there may be any number. */
const IDS = /(?:^|_)(?:id|customer|endpoint|delivery|host|url)$/;

let page: MetricsPage;
let reason: string | null = null;
let further: () => Promise<string> = async () => 'temporal_request_total 1\n';

beforeAll(async () => {
  page = await openMetricsPage({ host: '127.0.0.1', port: 0, further: async () => await further() });
  page.addRole(async () => null);
  page.addRole(async () => reason);
});
afterAll(async () => await page.close());

async function get(path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${page.port}${path}`, { method });
  return { status: response.status, text: await response.text() };
}

describe('openMetricsPage', () => {
  it('shows our figures and those of others on one page', async () => {
    const { text } = await get('/metrics');
    expect(text).toMatch(/^# TYPE posthorn_delivery_attempts_total counter$/m);
    expect(text).toMatch(/^temporal_request_total 1$/m);
  });

  it('shows ours where others cannot be had', async () => {
    further = async () => await Promise.reject(new Error('away'));
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(text).toContain('posthorn_records_pending');
  });

  it('is alive whatever the roles say, and ready once all are', async () => {
    reason = 'Temporal is away';
    expect(await get('/ready')).toEqual({ status: 503, text: 'Temporal is away\n' });
    expect((await get('/live')).status).toBe(200);
    reason = null;
    expect((await get('/ready')).status).toBe(200);
  });

  it('takes no other method and has no other page', async () => {
    expect((await get('/metrics', 'POST')).status).toBe(405);
    expect((await get('/')).status).toBe(404);
  });
});

describe('registry', () => {
  it('has figures that say what they mean, in base units', async () => {
    const own = (await registry.getMetricsAsJSON()).filter(({ name }) => name.startsWith('posthorn_'));
    expect(own.length).toBeGreaterThan(30);
    for (const { name, help, type } of own) {
      expect(help).toMatch(/\.$/);
      expect(name).not.toMatch(/_(?:ms|milliseconds|minutes|kb|percent)(?:_|$)/);
      expect([name, name.endsWith('_total')]).toEqual([name, String(type) === 'counter']);
    }
  });

  it('has no label that tells customers, endpoints or deliveries apart', () => {
    const names = registry
      .getMetricsAsArray()
      .flatMap((metric) => ('labelNames' in metric ? (metric.labelNames as readonly string[]) : []));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => IDS.test(name))).toEqual([]);
  });
});
