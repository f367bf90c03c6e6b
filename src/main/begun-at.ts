const OPTION = '--begun-at=';

/**
 * When somebody gave the command that led to this process, in milliseconds of the wall clock: what `npm start` hands
 * on, for it may have installed and built before, or else the start of the process.
 */
export function begunAt(args: readonly string[]): number {
  const given = Number(args.find((arg) => arg.startsWith(OPTION))?.slice(OPTION.length));
  return given > 0 ? given : performance.timeOrigin;
}
