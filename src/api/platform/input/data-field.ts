import { z } from 'zod';
import { refusal } from './fields.ts';
import { JsonText } from './json-text.ts';

/** The `data` of an event, where its route passes it on token for token. */
export const dataField = z
  .custom<JsonText>((value) => value instanceof JsonText, refusal('invalid_type', 'Must be an object.'))
  .meta({ type: 'object' });
