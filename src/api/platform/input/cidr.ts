import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Reads a CIDR (`10.0.0.0/8`, `2001:db8::/32`) or a single address; its canonical text, null where it is neither. */
export function normaliseCidr(text: string): string | null {
  const range = parseCidr(text);
  return range === null ? null : `${range[0].toString()}/${range[1]}`;
}

/** Whether an address lies within one of these CIDRs. IPv4 within IPv6 (`::ffff:…`) counts as IPv4. */
export function isWithin(address: string, cidrs: readonly string[]): boolean {
  if (!isAddress(address)) return false;
  const wanted = ipaddr.process(address);
  return cidrs.some((cidr) => {
    const range = parseCidr(cidr);
    return range !== null && range[0].kind() === wanted.kind() && wanted.match(range);
  });
}

/** Every request asks for its peer's, and few peers send most of them. */
const normalised = new Map<string, string | null>();
const MOST_NORMALISED = 1_000;

/** An address in its one canonical form; null for what is none. */
export function normaliseAddress(text: string): string | null {
  const known = normalised.get(text);
  if (known !== undefined) return known;
  const address = isAddress(text) ? ipaddr.process(text).toString() : null;
  if (normalised.size >= MOST_NORMALISED) normalised.clear();
  normalised.set(text, address);
  return address;
}

function parseCidr(text: string): [Address, number] | null {
  const [address = '', bits, ...rest] = text.split('/');
  if (!isAddress(address) || rest.length > 0) return null;
  const parsed = ipaddr.process(address);
  const most = parsed.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [parsed, most];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? [parsed, Number(bits)] : null;
}

/**
 * IPv4 in four decimal parts only: the other spellings mean different things to different readers. Zones name no
 * network.
 */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'));
}
