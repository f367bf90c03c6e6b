/** How a command ended, for scripts. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  keyRefused: 4,
  invalid: 5,
  unreachable: 6,
  partlyDone: 7,
  interrupted: 130,
} as const;

/** One of the numbers of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each says, for the documentation. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  failed: 'failed: a signature that does not verify, a delivery that ended dead, what `doctor` found wrong',
  usage: 'the command line makes no sense, or a confirmation is missing',
  notFound: 'there is no such thing',
  keyRefused: 'the key is missing, refused, or may not do this',
  invalid: 'the API refused: invalid input, or it does not fit the present state',
  unreachable: 'no API answers, or it cannot do its work at the moment',
  partlyDone: 'done in part',
  interrupted: 'interrupted by Ctrl-C',
};
