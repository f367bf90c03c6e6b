/** Takes one line for people about what is being done at start-up. */
export type OnProgress = (line: string) => void;
