import { placeOf, useEndpoint } from '../../data/endpoints.ts';
import { IdText, shortId } from './id-text.tsx';

/** An endpoint by host and path, where it still exists; else by its id. */
export function EndpointName({ id }: { readonly id: string }) {
  const endpoint = useEndpoint(id);
  if (endpoint === undefined) return <IdText id={id} />;
  return <span title={`${endpoint.url}\n${id}`}>{placeOf(endpoint.url)}</span>;
}

/** The same as plain text, for sentences. */
export function useEndpointText(id: string): string {
  const endpoint = useEndpoint(id);
  return endpoint === undefined ? shortId(id) : placeOf(endpoint.url);
}
