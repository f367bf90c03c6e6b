/** A setting that is missing or makes no sense; the message names the variable, its value and what is wanted. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
