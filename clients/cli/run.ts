import { type Command, CommanderError } from 'commander';
import type { Handle } from './call.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { describeFailure } from './output/failure.ts';
import { createProgram } from './program.ts';
import { type GlobalOptions, Session } from './session.ts';
import { VERSION } from './version.ts';

/** Runs one command line to its end. @returns how it ended */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  let isVerbose = false;
  const handle: Handle = (command, action) =>
    command.action(async () => {
      const options = command.optsWithGlobals() as GlobalOptions;
      isVerbose = options.verbose === true;
      const session = new Session(io, options);
      exitCode = (await action({ args: command.args, options: options as never, session })) ?? EXIT.done;
      session.output.finish();
    });
  const program = withOutput(createProgram(VERSION, handle), io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (io.signal.aborted) return EXIT.interrupted;
    const failure = describeFailure(error, { isVerbose });
    io.err(failure.text);
    return failure.exitCode;
  }
}

/** What is asked for goes to standard output, what was not to standard error; nothing ends the process. */
function withOutput(command: Command, io: Io): Command {
  command.exitOverride().configureOutput({
    writeOut: io.out,
    writeErr: io.err,
    outputError: (text, write) => write(text.replace(/^error: /, '')),
  });
  for (const one of command.commands) withOutput(one, io);
  return command;
}
