import { checkConfig, type Role } from '../../config.ts';
import { ConfigError } from '../../settings/config-error.ts';
import { describeFailure } from '../describe-failure.ts';
import { isRole, ROLES } from './role-names.ts';

const USAGE_EXIT = 2;

/**
 * `posthorn check [roles]`: reads the settings as these roles would, and says what is wrong with them; for CI, as it
 * connects to nothing and makes nothing.
 */
export function checkSettings(names: readonly string[]): void {
  const unknown = names.filter((name) => !isRole(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no role ${unknown.join(', ')}: posthorn check takes ${ROLES.join(', ')}.\n`,
    );
    process.exitCode = USAGE_EXIT;
    return;
  }
  const roles = names.length === 0 ? (['api', 'worker'] as const) : names.filter(isRole);
  const told = new Set<string>();
  for (const role of roles) {
    const { isFit, lines } = look(role);
    for (const line of lines.filter((one) => !told.has(one))) process.stderr.write(`${line}\n`);
    for (const line of lines) told.add(line);
    if (isFit) process.stdout.write(`${role}\tok\n`);
    else process.stdout.write(`${role}\tFAILED\n`);
    if (!isFit) process.exitCode = 1;
  }
}

function look(role: Role): { readonly isFit: boolean; readonly lines: readonly string[] } {
  try {
    return { isFit: true, lines: checkConfig(role) };
  } catch (error) {
    return { isFit: false, lines: error instanceof ConfigError ? [error.message] : [describeFailure(error)] };
  }
}
