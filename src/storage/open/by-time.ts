/**
 * Always true. A statement that reads what is due by time alone, whatever the endpoint, has it among its conditions:
 * the index for that has it too, so that no other statement is planned with it.
 */
export const BY_TIME = 'priority >= 0';
