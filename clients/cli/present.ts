/** The body of an answer; problems have been thrown. */
export function present<T>({ data }: { readonly data?: T }): T {
  if (data === undefined) throw new TypeError('the API answered without a body');
  return data;
}
