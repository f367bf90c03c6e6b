import { readJson } from '../input/values.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** Settings of an endpoint on the command line. */
export interface SettingOptions {
  readonly url?: string;
  readonly event?: readonly string[];
  readonly description?: string;
  readonly fromFile?: string;
  readonly customer?: string;
  readonly ofOperator?: boolean;
}

/**
 * The settings as the API takes them: those of the file, and what options say beside it.
 * @throws UsageError where there are none
 */
export async function readSettings(io: Io, options: SettingOptions): Promise<object> {
  const { url, event, description, fromFile, customer, ofOperator } = options;
  const file = fromFile === undefined ? {} : await readJson(io, fromFile, '--from-file');
  if (typeof file !== 'object' || file === null) throw new UsageError('--from-file must hold a JSON object');
  const settings = {
    ...file,
    ...(url !== undefined && { url }),
    ...(event !== undefined && { events: event }),
    ...(description !== undefined && { description }),
    ...(customer !== undefined && { customer_id: customer }),
    ...(ofOperator === true && { customer_id: null }),
  };
  if (Object.keys(settings).length === 0)
    throw new UsageError('name a setting: --url, --event, --description, --from-file');
  return settings;
}
