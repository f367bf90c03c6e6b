/** How the URL of an endpoint begins whose deliveries are handed to whoever listens, instead of being sent anywhere. */
const LISTENER_URL = 'listen://';

/** Who pauses a listener's endpoint while nobody listens, and lets it go on. */
export const LISTENER_ACTOR = 'listen';

/** A listener that nobody has come back to for so long is removed. */
export const LISTENER_KEPT_MS = 900_000;

/** For so long it is remembered then, to tell whoever comes back what went by. */
export const SWEPT_LISTENER_REMEMBERED_MS = 7 * 86_400_000;

/** The URL of a listener's endpoint. */
export function listenerUrl(endpointId: string): string {
  return `${LISTENER_URL}${endpointId}`;
}

/** Whether deliveries to this URL are handed to whoever listens. */
export function isListenerUrl(url: string): boolean {
  return url.startsWith(LISTENER_URL);
}

/** The endpoint that a listener's URL belongs to. */
export function listenerOf(url: string): string {
  return url.slice(LISTENER_URL.length);
}
