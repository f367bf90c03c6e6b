import { BUILT_IN_EVENT_TYPES } from '../domain/event-type.ts';

/** More labels than this would make every figure by event type a burden for whoever stores it. */
const MOST_EVENT_LABELS = 200;
const OTHER = 'other';

const labels = new Set(BUILT_IN_EVENT_TYPES.map(({ name }) => name));

/** The label of an event type: its name, for the built-in ones and as many others as came first; else `other`. */
export function eventLabelOf(event: string): string {
  if (labels.has(event)) return event;
  if (labels.size >= MOST_EVENT_LABELS) return OTHER;
  labels.add(event);
  return event;
}
