import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts message and stack of a failure into a payload, where a codec encrypts them; the type stays readable. The SDK
 * loads it by the path of this file and asks for this name.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
