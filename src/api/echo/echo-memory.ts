/** A request as an echo receiver got it. */
export interface EchoedRequest {
  /** Ids ascend in the order of arrival. */
  readonly id: string;
  readonly receivedAt: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Caps on what echo receivers keep, all of them together. */
export interface EchoLimits {
  readonly requestsPerName: number;
  readonly names: number;
  readonly bytes: number;
}

const LIMITS: EchoLimits = { requestsPerName: 200, names: 1_000, bytes: 67_108_864 };
/** What a request takes beside its body and headers, and a header beside its text, roughly. */
const OVERHEAD_BYTES = 512;
const HEADER_OVERHEAD_BYTES = 64;
/** So that ids compare as their numbers do. */
const ID_DIGITS = 15;

/** Keeps the last requests of each echo receiver in memory; what was used longest ago goes first. */
export class EchoMemory {
  readonly #limits: EchoLimits;
  /** Oldest use first; requests oldest first. */
  readonly #byName = new Map<string, EchoedRequest[]>();
  #bytes = 0;
  #kept = 0;

  constructor(limits: EchoLimits = LIMITS) {
    this.#limits = limits;
  }

  keep(name: string, came: Omit<EchoedRequest, 'id'>): void {
    this.#kept += 1;
    const request = { ...came, id: String(this.#kept).padStart(ID_DIGITS, '0') };
    const requests = this.#byName.get(name) ?? [];
    this.#byName.delete(name);
    this.#byName.set(name, requests);
    requests.push(request);
    this.#bytes += sizeOf(request);
    if (requests.length > this.#limits.requestsPerName) this.#dropOldest(name, requests);
    this.#makeRoom();
  }

  /** Newest first. */
  list(name: string): readonly EchoedRequest[] {
    return [...(this.#byName.get(name) ?? [])].reverse();
  }

  clear(name: string): void {
    for (const request of this.#byName.get(name) ?? []) this.#bytes -= sizeOf(request);
    this.#byName.delete(name);
  }

  #makeRoom(): void {
    for (const [name, requests] of this.#byName) {
      if (this.#byName.size > this.#limits.names) this.clear(name);
      while (this.#bytes > this.#limits.bytes && requests.length > 0) this.#dropOldest(name, requests);
      if (this.#bytes <= this.#limits.bytes && this.#byName.size <= this.#limits.names) return;
    }
  }

  #dropOldest(name: string, requests: EchoedRequest[]): void {
    const dropped = requests.shift();
    if (dropped !== undefined) this.#bytes -= sizeOf(dropped);
    if (requests.length === 0) this.#byName.delete(name);
  }
}

function sizeOf({ headers, body }: Pick<EchoedRequest, 'headers' | 'body'>): number {
  const ofHeaders = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + (name.length + value.length) * 2 + HEADER_OVERHEAD_BYTES,
    0,
  );
  return body.length * 2 + ofHeaders + OVERHEAD_BYTES;
}
