import { readFileSync } from 'node:fs';
import { closestMatch } from 'leven';
import { ConfigError } from './config-error.ts';
import { environmentSchema, SECRET_SETTINGS } from './environment.ts';

/** Texts of settings by the names of their variables. */
export type GivenSettings = Readonly<Record<string, string | undefined>>;

const KNOWN = [
  ...Object.keys(environmentSchema.shape),
  ...SECRET_SETTINGS.map((name) => `${name}_FILE`),
  // Of the command line.
  'POSTHORN_URL',
  'POSTHORN_API_KEY',
  'POSTHORN_WEBHOOK_SECRET',
];
/** Further apart, two names are not one misspelt. */
const MOST_EDITS = 6;

/**
 * What an environment gives: empty values count as absent, and secrets are read from the files that `<name>_FILE`
 * names.
 * @throws ConfigError where a file cannot be read, or a secret is given both ways
 */
export function readGivenSettings(environment: NodeJS.ProcessEnv): GivenSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  for (const name of SECRET_SETTINGS) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) throw new ConfigError(`${name} and ${name}_FILE exclude each other`);
    given[name] = readSecret(`${name}_FILE`, file);
  }
  return given;
}

/** A warning for each variable `POSTHORN_…` that nothing reads, with the name that was probably meant. */
export function warningsOf(given: GivenSettings): readonly string[] {
  return Object.keys(given)
    .filter((name) => name.startsWith('POSTHORN_') && !KNOWN.includes(name))
    .map((name) => {
      const nearest = closestMatch(name, KNOWN, { maxDistance: MOST_EDITS });
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return `${name} is not a setting of Posthorn and is ignored${hint}`;
    });
}

/**
 * A value as messages may show it: secrets are masked, and whatever may be a password in a URL, well written or not.
 */
export function showSetting(name: string, value: string | undefined): string {
  if (isSecretKey(name)) return '***';
  const shown = value?.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1***@');
  return JSON.stringify(shown?.replace(/(passw\w*=)[^&\s]*/gi, '$1***'));
}

function isSecretKey(name: string): boolean {
  return name.endsWith('_KEY') && SECRET_SETTINGS.some((secret) => secret === name);
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${name}=${JSON.stringify(file)}: ${reason}`, { cause });
  }
}
