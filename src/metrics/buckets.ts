/** Bounds of histograms, in seconds: those that the OpenTelemetry conventions name for HTTP servers. */
export const SERVER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Up to the longest timeout that an endpoint can have. */
export const ATTEMPT_SECONDS = [...SERVER_SECONDS, 15, 30, 60, 120];

/** From a lone delivery at once to one that waited out an afternoon; 1 s is what is promised. */
export const DELAY_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600,
];

/** From acceptance to delivery, retries over days included. */
export const AGE_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600, 3_600, 21_600, 86_400, 604_800];
