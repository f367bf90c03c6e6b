import { z } from 'zod';
import type { MasterKeyHolder } from '../../storage/sealed/master-key-holders.ts';
import type { ResealedSlice, SealedSurvey } from '../../storage/sealed/master-key-rotation.ts';
import { idOf } from '../platform/input/fields.ts';

const keyId = z
  .string()
  .meta({ description: 'Names a master key and tells nothing of it.', examples: ['1f0c8d2b9a4e7f36'] });
const count = z.int();

/** What is sealed with which key, and who has which. */
export const masterKeyView = z
  .object({
    key_id: keyId.meta({ description: 'The first master key of this API, which seals.' }),
    endpoints: count,
    sealed: z.array(z.object({ key_id: keyId.nullable(), count })).meta({
      description:
        'How many signing secrets, sensitive header values and client keys are ' +
        'sealed with which key; null where they do not say it.',
    }),
    processes: z.array(z.object({ name: z.string(), key_ids: z.array(keyId) })).meta({
      description: 'APIs and workers seen within 30 s, each with its keys, of which the first seals.',
    }),
  })
  .meta({ id: 'MasterKey' });
export type MasterKeyAnswer = z.output<typeof masterKeyView>;

/** Body of `POST /v1/master-key/rotate`; may be left out. */
export const rotationStepBody = z.strictObject({
  after: idOf('ep')
    .optional()
    .meta({ description: '`next` of the step before; from the first endpoint on where absent.' }),
});

/** What one step of re-encrypting did. */
export const rotationStepView = z
  .object({
    key_id: keyId,
    endpoints: count.meta({ description: 'How many endpoints were looked at.' }),
    count: count.meta({ description: 'How many values were re-encrypted.' }),
    current: count.meta({ description: 'How many had the first key already.' }),
    unopened: z
      .array(z.object({ endpoint_id: z.string(), what: z.string() }))
      .meta({ description: 'What no master key of this API opens, and so stays as it is.' }),
    next: z.string().nullable().meta({ description: 'Give it as `after`; null after the last endpoint.' }),
  })
  .meta({ id: 'MasterKeyRotationStep' });
export type RotationStepAnswer = z.output<typeof rotationStepView>;

/** Shapes the state of the master key for an answer. */
export function showMasterKey(
  id: string,
  { survey, holders }: { readonly survey: SealedSurvey; readonly holders: readonly MasterKeyHolder[] },
): MasterKeyAnswer {
  return {
    key_id: id,
    endpoints: survey.endpoints,
    sealed: survey.sealed.map((one) => ({ key_id: one.keyId, count: one.count })),
    processes: holders.map(({ name, keyIds }) => ({ name, key_ids: [...keyIds] })),
  };
}

/** Shapes one step for an answer. */
export function showStep(id: string, slice: ResealedSlice): RotationStepAnswer {
  return {
    key_id: id,
    endpoints: slice.endpoints,
    count: slice.resealed,
    current: slice.current,
    unopened: slice.unopened.map(({ endpointId, what }) => ({ endpoint_id: endpointId, what })),
    next: slice.next,
  };
}
