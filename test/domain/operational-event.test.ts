import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { BUILT_IN_EVENT_TYPES, isEventTypeName, isReservedEventType } from '../../src/domain/event-type.ts';
import {
  isDeathAnnounced,
  isOperationalEvent,
  OPERATIONAL_EVENT_TYPES,
  type OperationalEventData,
} from '../../src/domain/operational-event.ts';

const AT = '2026-03-01T12:00:00Z';
const endpoint = { endpoint_id: 'ep_1', customer_id: 'acme', url: 'https://example.com/hooks' };
const outage = {
  ...endpoint,
  host: 'example.com',
  failing_since: AT,
  console_url: 'https://hooks.example.com/ui/endpoints/ep_1',
};

const SAMPLES: OperationalEventData = {
  'endpoint.failing': {
    ...outage,
    endpoints: 300,
    attempts: 900,
    failures: 880,
    last_error_code: 'http_503',
    advice: 'Look into its log.',
  },
  'endpoint.recovered': { ...outage, recovered_at: AT },
  'endpoint.opened': {
    ...endpoint,
    opened_at: AT,
    consecutive_failures: 10,
    last_error_code: 'http_503',
    probe_at: AT,
  },
  'endpoint.closed': { ...endpoint, opened_at: AT, closed_at: AT },
  'endpoint.disabling': { ...endpoint, failing_since: AT, percent: 50, disables_at: AT },
  'endpoint.disabled': {
    ...endpoint,
    customer_id: null,
    reason: 'gone',
    disabled_at: AT,
    failing_since: null,
  },
  'delivery.dead': {
    delivery_id: 'del_1',
    event_id: 'evt_1',
    event: 'job.completed',
    endpoint_id: 'ep_1',
    customer_id: 'acme',
    reason: 'retries_exhausted',
    attempts_made: 4,
    last_status_code: null,
    last_error_code: 'timeout',
  },
};

describe('OPERATIONAL_EVENT_TYPES', () => {
  it('has one entry for each event', () => {
    expect(OPERATIONAL_EVENT_TYPES.map(({ name }) => name)).toEqual(Object.keys(SAMPLES));
  });

  it.each(OPERATIONAL_EVENT_TYPES.map((type) => [type.name, type] as const))(
    '%s has a reserved name and a schema that its data fits and nothing less does',
    (name, { schema }) => {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
      formatsPlugin.default(ajv);
      const fits = ajv.compile(schema ?? false);
      expect(isEventTypeName(name) && isReservedEventType(name)).toBe(true);
      expect([fits(SAMPLES[name]), fits.errors]).toEqual([true, null]);
      expect(fits({})).toBe(false);
    },
  );
});

describe('isOperationalEvent', () => {
  it('holds for no type of the catalogue', () => {
    expect(BUILT_IN_EVENT_TYPES.filter(({ name }) => isOperationalEvent(name))).toEqual([]);
    expect(isOperationalEvent('endpoint.opened')).toBe(true);
  });
});

describe('isDeathAnnounced', () => {
  it('is silent about what announces', () => {
    expect(isDeathAnnounced('job.completed')).toBe(true);
    expect(isDeathAnnounced('delivery.dead')).toBe(false);
  });
});
