import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { GlobalOptions, Session } from './session.ts';

/** What was asked for: arguments, options (those of every command too), and the session to do it with. */
export interface Call<Options> {
  readonly args: readonly string[];
  readonly options: Options & GlobalOptions;
  readonly session: Session;
}

/** What a command does; nothing returned is `done`. */
export type Action<Options> = (call: Call<Options>) => Promise<ExitCode> | Promise<void>;

/** Says what a command does. */
export type Handle = <Options>(command: Command, action: Action<Options>) => Command;

/** Adds the commands of one noun or verb to the program. */
export type AddCommands = (program: Command, handle: Handle) => void;
