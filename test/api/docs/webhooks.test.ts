import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describeWebhooks } from '../../../src/api/docs/webhooks.ts';
import { BUILT_IN_EVENT_TYPES } from '../../../src/domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../../src/domain/operational-event.ts';
import { VERIFICATION_EVENT } from '../../../src/domain/ownership.ts';
import { batchDataText } from '../../../src/signature/batch-data.ts';
import { golden } from '../../support/receivers/golden.ts';

interface Webhook {
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const document = {
  webhooks: describeWebhooks() as Readonly<Record<string, { readonly post: Webhook }>>,
};

describe('describeWebhooks', () => {
  it('shows receivers what they get of each built-in type, batches and challenges', () => {
    const types = [...BUILT_IN_EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES].map((type) => type.name);
    expect(Object.keys(document.webhooks).sort()).toEqual([...types, 'batch', VERIFICATION_EVENT].sort());
    const body =
      document.webhooks['job.completed']?.post.requestBody?.content['application/json']?.schema ?? {};
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(body);
    expect(validate(JSON.parse(golden.text))).toBe(true);
    expect(validate({ ...JSON.parse(golden.text), attempt: 0 })).toBe(false);
    const headers = document.webhooks['job.completed']?.post.parameters?.map((one) => one.name) ?? [];
    expect(headers).toEqual(expect.arrayContaining(Object.keys(golden.headers)));
  });

  it.each([
    [VERIFICATION_EVENT, { challenge: 'abc' }, {}],
    [
      'batch',
      JSON.parse(
        batchDataText([
          { event: 'job.failed', createdAt: new Date(0), deliveryId: 'del_1', dataText: '{"a":1}' },
        ]),
      ),
      { count: 1 },
    ],
  ])('describes the data of %s', (name, data, incomplete) => {
    const { requestBody } = document.webhooks[name]?.post ?? {};
    const body = requestBody?.content['application/json']?.schema ?? {};
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(body);
    const sent = { ...JSON.parse(golden.text), event: name };
    expect([validate({ ...sent, data }), validate({ ...sent, data: incomplete })]).toEqual([true, false]);
  });

  it('says how a challenge is answered', () => {
    const { responses } = document.webhooks[VERIFICATION_EVENT]?.post ?? {};
    expect(responses?.['2XX']).toMatchObject({
      description: expect.stringContaining('{"challenge":"…"}'),
    });
    expect(responses).not.toHaveProperty('410');
  });
});
