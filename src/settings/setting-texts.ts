import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** An IP address, with a port or without, as resolvers are named: `10.0.0.2`, `10.0.0.2:53`, `[fd00::2]:53`. */
export function isSocketAddress(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const [, bracketed, plain, portText] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return isIP(bracketed ?? plain ?? '') !== 0 && (portText === undefined || isPort(portText));
}

/** Whether a text names a host; addresses are none. */
export function isHostName(text: string): boolean {
  return /^[^\s/:@]+$/.test(text) && isIP(text) === 0 && domainToASCII(text) !== '';
}

/** Whether a text is a port number, 0 excluded. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** Whether a text is an IP address or a network of such. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

/** Whether a text is an IP address. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/** Whether a text is the origin of a page: scheme, host and port, and nothing behind. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
