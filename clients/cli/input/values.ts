import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { JsonText } from '../../typescript/json-text.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** Collects an option that may be given several times, each with several values between commas. */
export function listed(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').filter((one) => one !== '')];
}

/** Collects likewise from a closed list of values. @throws InvalidArgumentError naming all of them */
export function listedOf<const T extends string>(
  values: readonly T[],
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  return (text, before) => {
    const found = listed(text, undefined).map((one) => values.find((value) => value === one) ?? unknown(one));
    return [...(before ?? []), ...found];
  };
  function unknown(one: string): never {
    throw new InvalidArgumentError(`There is no "${one}": it takes ${values.join(', ')}.`);
  }
}

/** Collects an option that may be given several times, as it is. */
export function repeated(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** What `member=value` says. @throws UsageError */
export function readMember(text: string): readonly [member: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`"${text}" is no member=value, such as job_id=J-7`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A whole number from `least` on. */
export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,12}$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`It takes a whole number, ${least} or more.`);
  };
}

/** A whole number, or `none`. @throws InvalidArgumentError */
export function wholeOrNone(text: string): number | 'none' {
  return text === 'none' ? text : wholeFrom(0)(text);
}

/** What an argument means: `-` is standard input, `@file` a file, all else the text itself. */
export async function readArgument(io: Io, argument: string): Promise<string> {
  if (argument === '-') return (await io.readInput()).toString();
  if (!argument.startsWith('@')) return argument;
  return readBytes(io, argument.slice(1)).toString();
}

/** The bytes of a file. @throws UsageError */
export function readBytes(io: Io, file: string): Buffer {
  try {
    return readFileSync(resolve(io.directory, file));
  } catch (cause) {
    throw new UsageError(`${file} cannot be read`, { cause });
  }
}

/** JSON that an argument holds or names. @throws UsageError */
export async function readJson(io: Io, argument: string, what: string): Promise<unknown> {
  const text = await readArgument(io, argument);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${what} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** JSON that goes out as it is written. @throws UsageError */
export async function readJsonText(io: Io, argument: string, what: string): Promise<JsonText> {
  const text = await readArgument(io, argument);
  try {
    return new JsonText(text.trim());
  } catch (cause) {
    throw new UsageError(`${what} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/**
 * A signing secret: from a file or POSTHORN_WEBHOOK_SECRET, since every user of the machine can read arguments.
 * @throws UsageError
 */
export function readSecret(io: Io, secretFile: string | undefined): string {
  const text =
    secretFile === undefined ? io.environment.POSTHORN_WEBHOOK_SECRET : readBytes(io, secretFile).toString();
  if (text !== undefined && text.trim() !== '') return text.trim();
  throw new UsageError('give the secret by --secret-file or POSTHORN_WEBHOOK_SECRET');
}
