import { z } from 'zod';
import { type DataFilter, FILTER_LIMITS, isFilterMember } from '../../../domain/data-filter.ts';
import { refusal } from '../../platform/input/fields.ts';

const value = z.string().min(1).max(FILTER_LIMITS.valueLength);
const values = z.array(value).min(1).max(FILTER_LIMITS.values);

/** The `filter` member: of each member one of these values; a lone value may stand without brackets. */
export const filterField = z
  .record(z.string(), z.union([values, value.transform((one) => [one])]))
  .refine((filter) => Object.keys(filter).length > 0, refusal('too_small', 'Must name a member.'))
  .refine(
    (filter) => Object.keys(filter).length <= FILTER_LIMITS.members,
    refusal('too_big', `May name at most ${FILTER_LIMITS.members} members.`),
  )
  .refine(
    (filter) => Object.keys(filter).every(isFilterMember),
    refusal('invalid_filter', 'Must name members of data, or JSON pointers to them.'),
  )
  .meta({
    description:
      'Only events whose data says so: of each searchable member one of these ' +
      'values, or a prefix that ends in *; every member must match. Events of ' +
      'types that do not name the member as searchable do not come.',
    examples: [{ project_id: ['p1', 'p2'] }],
  });

/** The filter as it is answered. */
export const filterAnswer = z.record(z.string(), z.array(z.string())).nullable();

/** Shapes a filter for an answer. */
export function showFilter(filter: DataFilter | null): z.output<typeof filterAnswer> {
  return filter && Object.fromEntries(Object.entries(filter).map(([member, all]) => [member, [...all]]));
}
