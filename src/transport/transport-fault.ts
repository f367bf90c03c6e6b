import type { TransportErrorCode } from '../domain/error-code.ts';

/** A failure whose code is known where it is found, so that nobody has to guess it from a library's words. */
export class TransportFault extends Error {
  override readonly name = 'TransportFault';
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
