import { ConfigError } from '../../settings/config-error.ts';
import { endpointChangesBody } from './endpoint.dto.ts';
import { DEFAULT_SETTINGS, type DefaultSettings, mergeSettings } from './endpoint-settings.ts';
import type { RouteLimits } from './settings/connection-fields.ts';

/** What the configuration says of endpoints: what they may use, and what they have where nothing is said. */
export interface InstallationSettings extends RouteLimits {
  readonly headerPrefix: string;
  /** Members of a body that creates an endpoint. */
  readonly endpointDefaults: Readonly<Record<string, unknown>>;
}

const defaultsBody = endpointChangesBody.omit({ url: true });

/** The defaults of this installation. @throws ConfigError where a member is none that endpoints have, or wrong */
export function readDefaults(installation: InstallationSettings): DefaultSettings {
  const parsed = defaultsBody.safeParse(installation.endpointDefaults);
  if (!parsed.success) {
    throw refused(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const { settings, problems } = mergeSettings(parsed.data, {
    current: { ...DEFAULT_SETTINGS, url: '' },
    defaults: DEFAULT_SETTINGS,
    limits: installation,
  });
  if (problems.length > 0) throw refused(problems.map(({ pointer, message }) => `${pointer}: ${message}`));
  const { url: _, ...defaults } = settings;
  return defaults;
}

function refused(faults: readonly string[]): ConfigError {
  return new ConfigError(`POSTHORN_ENDPOINT_DEFAULTS: ${faults.join('; ')}`);
}
