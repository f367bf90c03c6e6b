import { z } from 'zod';
import { attemptAnswer } from '../../deliveries/attempt-view.ts';
import { deliveryStatus } from '../../platform/answers/named-schemas.ts';
import { dataField } from '../../platform/input/data-field.ts';
import { eventTypeName } from '../../platform/input/fields.ts';

/** Body of `POST /v1/endpoints/{id}/test`; may be left out. */
export const endpointTestBody = z
  .strictObject({
    event: eventTypeName
      .optional()
      .meta({ description: 'Default: the first type the endpoint names, else job.completed.' }),
    data: dataField.optional().meta({ type: 'object', description: 'Default: sample data of the type.' }),
  })
  .nullish();

export type EndpointTestBody = z.output<typeof endpointTestBody>;

/** What came of a test; `attempt` is null where none was recorded in time (status 202). */
export const endpointTestAnswer = z
  .object({
    delivery_id: z.string(),
    status: deliveryStatus,
    attempt: attemptAnswer.nullable(),
  })
  .meta({ id: 'EndpointTestResult' });

export type EndpointTestAnswer = z.output<typeof endpointTestAnswer>;
