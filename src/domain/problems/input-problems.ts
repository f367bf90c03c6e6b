import type { ProblemText } from './problem-text.ts';

/** What can be wrong with any member of a body or any parameter. */
export const INPUT_PROBLEMS = {
  required: {
    title: 'A member or parameter is missing',
    meaning: 'The request needs it, and it is not there.',
    advice: 'Give it; /docs shows what each operation takes.',
  },
  unknown_member: {
    title: 'A member or parameter is unknown',
    meaning: 'The operation takes nothing of this name.',
    advice: 'Check the spelling, or leave it out.',
  },
  read_only: {
    title: 'A member cannot be changed',
    meaning: 'The member is told in answers and cannot be given.',
    advice: 'Leave it out; actions such as pause or secret/rotate change some of them.',
  },
  invalid_type: {
    title: 'A value is of the wrong type',
    meaning: 'The value has another JSON type than is wanted.',
    advice: 'Give the type that /docs shows.',
  },
  invalid_value: {
    title: 'A value is not one of those allowed',
    meaning: 'The value is of the right type, but not allowed here.',
    advice: 'Give one of the values that `detail` or /docs names.',
  },
  invalid_format: {
    title: 'A text is not of the right form',
    meaning: 'The text does not have the form that is wanted.',
    advice: 'Write it as /docs shows.',
  },
  too_small: {
    title: 'A value is too small or too short',
    meaning: 'A number is below its least value, or a text or list has too few parts.',
    advice: 'Raise it to what `detail` names at least.',
  },
  too_big: {
    title: 'A value is too large or too long',
    meaning: 'A number is above its greatest value, or a text or list has too many parts.',
    advice: 'Keep it to what `detail` names at most.',
  },
  not_multiple_of: {
    title: 'A number is not a multiple',
    meaning: 'The number must be a multiple of another.',
    advice: 'Round it as `detail` says.',
  },
  invalid_key: {
    title: 'A member has a name that is not allowed',
    meaning: 'The object may not have a member of this name.',
    advice: 'Name it as /docs shows.',
  },
  invalid_element: {
    title: 'An element is not allowed',
    meaning: 'The list or set has an element that is not allowed.',
    advice: 'Correct or leave out the element.',
  },
  invalid_id: {
    title: 'This is no id of the right kind',
    meaning: 'An id has a prefix that says what it is of, and 26 letters and digits.',
    advice: 'Give an id of the kind that `detail` names, as the API answered it.',
  },
  invalid_time: {
    title: 'This is no time',
    meaning: 'The text is no RFC 3339 time, or a day that does not exist.',
    advice: 'Write it like 2030-01-31T09:00:00Z, with an offset.',
  },
  invalid_customer_id: {
    title: 'This is no id of a customer',
    meaning: 'An id of a customer has no control characters and no blanks at its ends.',
    advice: 'Give 1 to 128 characters.',
  },
  unknown_customer: {
    title: 'There is no such customer',
    meaning: 'Customers are registered first in this installation, or this one is being erased.',
    advice: 'Check the id, or register the customer by PUT /v1/customers/{id}.',
  },
  invalid_uid: {
    title: 'This is no uid',
    meaning: 'An own id has no invisible characters and no blanks at its ends.',
    advice: 'Give 1 to 128 characters.',
  },
  invalid_event_type: {
    title: 'This is no name of an event type',
    meaning: 'The name does not have the form of names of event types.',
    advice: 'Write words joined by dots, such as job.completed.',
  },
  invalid_status: {
    title: 'This is no state of a delivery',
    meaning: 'One of the words is no state.',
    advice: 'Give one or more states, separated by commas.',
  },
  invalid_error_code: {
    title: 'This is no error code',
    meaning: 'The text does not have the form of error codes.',
    advice: 'Give a code such as http_503 or timeout.',
  },
  invalid_ratio: {
    title: 'This is no ratio',
    meaning: 'The text is no number from 0 to 1.',
    advice: 'Give a number from 0 to 1, such as 0.3.',
  },
  cursor_invalid: {
    title: 'The cursor does not fit',
    meaning: 'The cursor was given by another list, to another key or for other filters, or was changed.',
    advice: 'Begin again without a cursor, and keep the filters from page to page.',
  },
  span_empty: {
    title: 'The span of time is empty',
    meaning: 'The end is not later than the beginning.',
    advice: 'Give an end after the beginning.',
  },
  span_too_long: {
    title: 'A span is too long',
    meaning: 'The span has more stretches of the length asked for than one answer shows.',
    advice: 'Give a shorter span, or a longer `bucket`.',
  },
  not_searchable: {
    title: 'A member of data is not searchable',
    meaning: 'No event type names this member of `data` as searchable.',
    advice:
      'Name it in `searchable` of the event type; events that are accepted from then on are found by it.',
  },
  group_not_possible: {
    title: 'A measure cannot be split so',
    meaning: 'One of the measures is not known by what it is to be split by.',
    advice: 'Leave `group_by` out, or ask for that measure by itself.',
  },
  window_contradicted: {
    title: 'Two spans of time are given',
    meaning: 'A window and times contradict each other.',
    advice: 'Give either window, or after and before.',
  },
  time_ahead: {
    title: 'The time lies ahead',
    meaning: 'What has not happened yet cannot be selected.',
    advice: 'Give a time that has passed.',
  },
  filter_required: {
    title: 'A filter is needed',
    meaning: 'Nothing says which ones are meant.',
    advice: 'Give at least one filter, or "all": true to select every one.',
  },
  too_deep: {
    title: 'The body is nested too deeply',
    meaning: 'Objects and arrays lie too deep within each other.',
    advice: 'Flatten the data.',
  },
  duplicate_key: {
    title: 'An object has a member twice',
    meaning: 'Readers differ about which of two members of one name counts.',
    advice: 'Give each member once.',
  },
  forbidden_key: {
    title: 'A member has a forbidden name',
    meaning: 'The name has a meaning in some languages that makes it dangerous to receivers.',
    advice: 'Choose another name.',
  },
  nul_character: {
    title: 'A text contains NUL',
    meaning: 'U+0000 cannot be stored.',
    advice: 'Remove the character.',
  },
  lone_surrogate: {
    title: 'A text contains half of a character',
    meaning: 'Half of a surrogate pair is no valid Unicode.',
    advice: 'Cut texts between characters, not within.',
  },
  number_not_exact: {
    title: 'A number would be changed',
    meaning: 'Readers that use 64-bit floating point would read another number.',
    advice: 'Send it as a text, or with fewer digits.',
  },
  number_too_long: {
    title: 'A number is too long',
    meaning: 'Readers may need very long for numbers of very many digits.',
    advice: 'Send it as a text, or in at most 1,000 characters.',
  },
  unstorable_text: {
    title: 'A text cannot be stored',
    meaning: 'The text has characters that the database refuses.',
    advice: 'Remove control characters.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
