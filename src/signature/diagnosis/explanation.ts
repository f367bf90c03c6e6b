/** Whether something holds, as a stable code (`ok` where it does) and one or two sentences for people. */
export interface Explanation {
  readonly passed: boolean;
  readonly code: string;
  readonly message: string;
}

/** The explanation of something that holds. */
export function passed(message: string): Explanation {
  return { passed: true, code: 'ok', message };
}

/** The explanation of something that does not hold. */
export function failed(code: string, message: string): Explanation {
  return { passed: false, code, message };
}
