// @ts-check

/**
 * How TypeScript becomes what runs, for the product and for Jest alike: so what is tested is what runs. Types are
 * checked apart from it, by the compiler of TypeScript.
 * @type {import('@swc/core').Options}
 */
export const SWC_OPTIONS = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
};
