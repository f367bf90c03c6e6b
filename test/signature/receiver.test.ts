import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import * as receiver from '../../src/signature/receiver.ts';

it('is all that the package offers: verification, and nothing of what signs or diagnoses', () => {
  expect(Object.keys(receiver).sort()).toEqual([
    'DEFAULT_TOLERANCE_SECONDS',
    'WebhookVerificationError',
    'verify',
    'verifyBody',
    'verifyHeader',
    'verifyStandardWebhooks',
    'verifyWebhook',
  ]);
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(Object.keys(exports)).toEqual(['./verify', './package.json']);
  expect(exports['./verify'].default).toBe('./dist/src/signature/receiver.js');
});
