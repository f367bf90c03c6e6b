/** An entry of the catalogue: what events exist, who may hear of them, and what their `data` must look like. */
export interface EventType {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (draft 2020-12) for `data`; null accepts any object. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  /** Whether `broadcast: true` may send it to every customer. */
  readonly broadcast: boolean;
  /** Whether an endpoint gets it only by naming it in full; no wildcard includes it. */
  readonly optIn: boolean;
  readonly builtIn: boolean;
  /** Members of `data` that events of it are found by: names, or JSON pointers. */
  readonly searchable: readonly string[];
  /** Members of `data` whose values no answer shows: names, or JSON pointers. */
  readonly sensitive: readonly string[];
  /** Since when events are found by all of these; null where that was always so. */
  readonly searchableSince: Date | null;
}

export const MAX_EVENT_TYPE_LENGTH = 256;
const EVENT_TYPE_NAME = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
const RESERVED_NAMES = /^(batch|endpoint\..*|delivery\..*)$/;

/** Whether a text is an event type name: words of letters, digits, `_` and `-`, joined by dots; case counts. */
export function isEventTypeName(text: string): boolean {
  return text.length <= MAX_EVENT_TYPE_LENGTH && EVENT_TYPE_NAME.test(text);
}

/** Whether a name is kept for Posthorn itself (`batch`, `endpoint.*`, `delivery.*`). */
export function isReservedEventType(name: string): boolean {
  return RESERVED_NAMES.test(name);
}

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const jobMembers = {
  job_id: { type: 'string', minLength: 1 },
  customer_id: text,
  procedure_name: text,
  status: text,
  rows_processed: count,
  execution_time_seconds: { type: 'number', minimum: 0 },
  file_size_bytes: count,
  s3_url: text,
  expires_at: { type: 'string', format: 'date-time' },
  output_format: text,
  compression: text,
  metadata: { type: 'object' },
};

/** What events of jobs are found by. */
const JOB_SEARCHABLE = ['job_id'];

function jobSchema(members: object): Record<string, unknown> {
  return { type: 'object', properties: { ...jobMembers, ...members } };
}

const error = {
  type: 'object',
  properties: { code: text, message: text, details: {} },
  required: ['code', 'message'],
};

/**
 * The six types every installation has. Their schemas check the types of the members they know, ask for none, and let
 * unknown ones pass.
 */
export const BUILT_IN_EVENT_TYPES: readonly EventType[] = [
  builtIn('job.completed', 'A job finished; carries the download URL and metadata.', jobSchema({})),
  builtIn('job.failed', 'A job met an error; carries what went wrong.', jobSchema({ error })),
  builtIn(
    'job.cancelled',
    'A job was cancelled by hand or timed out.',
    jobSchema({ reason: { enum: ['manual', 'timeout'] } }),
  ),
  {
    ...builtIn(
      'job.progress',
      'Sent now and then while a job runs; only to endpoints that name it.',
      jobSchema({ progress_percent: { type: 'number', minimum: 0, maximum: 100 } }),
    ),
    optIn: true,
  },
  {
    ...builtIn(
      'system.maintenance',
      'Maintenance is planned; may go to every customer and be scheduled ahead.',
      {
        type: 'object',
        properties: {
          title: text,
          starts_at: { type: 'string', format: 'date-time' },
          ends_at: { type: 'string', format: 'date-time' },
          message: text,
        },
      },
    ),
    broadcast: true,
  },
  builtIn('api.rate_limit', 'A customer nears or reaches an API rate limit.', {
    type: 'object',
    properties: {
      customer_id: text,
      limit: count,
      used: count,
      threshold_percent: { type: 'number', minimum: 0 },
      window_seconds: { type: 'number', minimum: 0 },
      resets_at: { type: 'string', format: 'date-time' },
    },
    required: ['limit', 'used'],
  }),
];

function builtIn(name: string, description: string, schema: Record<string, unknown>): EventType {
  const searchable = name.startsWith('job.') ? JOB_SEARCHABLE : [];
  return {
    name,
    description,
    schema,
    broadcast: false,
    optIn: false,
    builtIn: true,
    searchable,
    sensitive: [],
    searchableSince: null,
  };
}
