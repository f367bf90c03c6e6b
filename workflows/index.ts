export { deliver } from './deliver.ts';
export { housekeeping } from './housekeeping.ts';
export { wave } from './wave.ts';
