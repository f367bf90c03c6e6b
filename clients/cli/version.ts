/** The version of everything that is built of this clone. */
export const VERSION = '0.1.0';
