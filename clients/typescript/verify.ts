/** The library of receivers, without dependencies: Node's `crypto` alone. */
export * from '../../src/signature/receiver.ts';
