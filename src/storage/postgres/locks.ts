/**
 * Any number that is the same everywhere: publish shares this transaction-level advisory lock and reads gates and waves in its
 * next statement; whoever opens or shuts a gate, or closes a wave, takes it exclusively.
 */
export const DISPATCH_LOCK = 7_406_412;
