import { describe, expect, it } from '@jest/globals';
import { readTracing } from '../../src/settings/tracing.ts';

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('readTracing', () => {
  it.each([
    {},
    { OTEL_SERVICE_NAME: 'hooks' },
    { ...COLLECTOR, OTEL_SDK_DISABLED: 'true' },
    { ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none' },
  ])('sends nothing for %j', (given) => {
    expect(readTracing(given)).toBeNull();
  });

  it.each([
    [{}, { ratio: 1, followsParent: true, serviceName: null }],
    [
      { OTEL_SERVICE_NAME: 'hooks', OTEL_TRACES_SAMPLER: 'always_off' },
      { ratio: 0, serviceName: 'hooks' },
    ],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      { ratio: 0.25, followsParent: true },
    ],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, { ratio: 1, followsParent: false }],
  ])('reads %j', (given, expected) => {
    expect(readTracing({ ...COLLECTOR, ...given })).toMatchObject(expected);
    expect(
      readTracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1/v1/traces', ...given }),
    ).toMatchObject(expected);
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'jaeger' }, /^OTEL_TRACES_EXPORTER="jaeger": must be otlp or none/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^OTEL_EXPORTER_OTLP_PROTOCOL="grpc": must be http\/protobuf/],
    [
      { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      /^OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="http\/json": must be/,
    ],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, /^OTEL_TRACES_SAMPLER="sometimes": must be always_on or/],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
      /^OTEL_TRACES_SAMPLER_ARG="2": must be a number/,
    ],
  ])('refuses %j', (given, message) => {
    expect(() => readTracing({ ...COLLECTOR, ...given })).toThrow(message);
  });
});
