import { z } from 'zod';
import { refusal } from './fields.ts';

const MAX_MEMBERS = 50;
const MAX_NAME = 64;
const MAX_VALUE = 512;

/** What the giver wants to find again: texts by name. Posthorn keeps and shows it and sends it to nobody. */
export const metadataField = z
  .record(z.string().min(1).max(MAX_NAME), z.string().max(MAX_VALUE))
  .refine(
    (metadata) => Object.keys(metadata).length <= MAX_MEMBERS,
    refusal('too_big', `May have at most ${MAX_MEMBERS} members.`),
  )
  .meta({
    description:
      `Texts by name, for whoever gives them: at most ${MAX_MEMBERS}, names of ${MAX_NAME} and values of ` +
      `${MAX_VALUE} characters. Not sent to receivers.`,
    examples: [{ region: 'eu' }],
  });

/** Texts by name. */
export type Metadata = Readonly<Record<string, string>>;
