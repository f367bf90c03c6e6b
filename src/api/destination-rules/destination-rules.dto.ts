import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { DestinationLists } from '../../domain/destination-lists.ts';
import type { StoredDestinationLists } from '../../storage/operator/destination-rule-store.ts';
import { normaliseCidr } from '../platform/input/cidr.ts';
import { refusal } from '../platform/input/fields.ts';

const MAX_RULE_ENTRIES = 1_000;

const network = z
  .string()
  .refine(
    (text) => normaliseCidr(text) !== null,
    refusal('invalid_cidr', 'Must be a CIDR such as 10.1.0.0/16.'),
  );
const host = z
  .string()
  .refine(isHostName, refusal('invalid_host', 'Must be a host name such as example.com.'));
const networkOrHost = z
  .string()
  .refine(
    (text) => normaliseCidr(text) !== null || isHostName(text),
    refusal('invalid_destination', 'Must be a CIDR such as 10.1.0.0/16 or a host name such as example.com.'),
  );

const lists = {
  allowed_destinations: z.array(network).max(MAX_RULE_ENTRIES).meta({
    description: 'CIDRs that may be reached although not public, by plain http and on any port too.',
  }),
  denied_destinations: z
    .array(networkOrHost)
    .max(MAX_RULE_ENTRIES)
    .meta({ description: 'CIDRs and host names (with subdomains) that may not be reached; they win.' }),
  allowed_ports: z
    .array(z.int().min(1).max(65_535))
    .max(MAX_RULE_ENTRIES)
    .meta({ description: 'Ports of public addresses beside 443.' }),
  allowed_hosts: z.array(host).max(MAX_RULE_ENTRIES).meta({
    description: 'Where any is named, here or in the configuration, the only names (with subdomains).',
  }),
};

/** Body of `PUT /v1/destination-rules`: all lists; those left out become empty. */
export const newDestinationRules = z
  .strictObject({
    allowed_destinations: lists.allowed_destinations.default([]),
    denied_destinations: lists.denied_destinations.default([]),
    allowed_ports: lists.allowed_ports.default([]),
    allowed_hosts: lists.allowed_hosts.default([]),
  })
  .meta({ id: 'NewDestinationRules' });
export type NewDestinationRules = z.output<typeof newDestinationRules>;

/** The stored lists, beside those of the configuration, which hold too and cannot be changed here. */
export const destinationRulesView = z
  .object({
    ...lists,
    updated_at: z.string().nullable().meta({ format: 'date-time' }),
    configured: z.object(lists).meta({ description: 'The lists of the configuration, which hold too.' }),
  })
  .meta({ id: 'DestinationRules' });

/** Reads a checked body. */
export function toLists(body: NewDestinationRules): DestinationLists {
  return {
    allowed: body.allowed_destinations,
    denied: body.denied_destinations,
    ports: body.allowed_ports,
    hosts: body.allowed_hosts,
  };
}

/** Shapes the lists for an answer. */
export function showRules(
  stored: StoredDestinationLists,
  configured: DestinationLists,
): z.output<typeof destinationRulesView> {
  return {
    ...showLists(stored),
    updated_at: stored.updatedAt?.toISOString() ?? null,
    configured: showLists(configured),
  };
}

function showLists(given: DestinationLists) {
  return {
    allowed_destinations: [...given.allowed],
    denied_destinations: [...given.denied],
    allowed_ports: [...given.ports],
    allowed_hosts: [...given.hosts],
  };
}

const MAX_HOST_LENGTH = 253;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** A name by its labels; one whose last label is a number would be an address in a URL. */
function isHostName(text: string): boolean {
  const labels = domainToASCII(text.replace(/\.$/, '')).split('.');
  const last = labels.at(-1) ?? '';
  return (
    text.length <= MAX_HOST_LENGTH &&
    labels.every((label) => LABEL.test(label)) &&
    !/^(\d+|0x[0-9a-f]*)$/.test(last)
  );
}
