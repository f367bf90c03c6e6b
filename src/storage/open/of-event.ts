/** SQL: whether the delivery `d` is of the event whose id takes the place of the `$`. */
export const OF_EVENT = 'd.id IN (SELECT unnest(ev.delivery_ids) FROM events ev WHERE ev.id = $)';
