export { type BodyParts, rebuildBody } from './body-text.ts';
export { checkSecret, generateSecret, isWellFormedSecret, type SecretProblem } from './secret.ts';
export { type SignatureHeaders, type SignedDelivery, type SigningSecrets, signDelivery } from './sign.ts';
