export { deliver } from './deliver.ts';
export { gate } from './gate.ts';
export { housekeeping } from './housekeeping.ts';
export { replay } from './replay.ts';
export { wave } from './wave.ts';
