import type { Fault } from './fault.ts';
import { clockShift } from './faults/clock-faults.ts';
import { diskFull } from './faults/disk-faults.ts';
import { failover } from './faults/failover-faults.ts';
import { midnight } from './faults/midnight-faults.ts';
import { networkPostgres, networkReceiver, networkTemporal } from './faults/network-faults.ts';
import { apiKill, workerKill, workerStop } from './faults/process-faults.ts';
import { receiverTrouble } from './faults/receiver-faults.ts';
import {
  backendKill,
  postgresRestart,
  snapshotHeld,
  temporalFresh,
  temporalKill,
} from './faults/server-faults.ts';
import { versionDeploy } from './faults/version-faults.ts';

/** All faults, in the order in which they are tried. */
export const FAULTS: readonly Fault[] = [
  workerKill,
  apiKill,
  workerStop,
  postgresRestart,
  backendKill,
  temporalKill,
  temporalFresh,
  snapshotHeld,
  networkPostgres,
  networkTemporal,
  networkReceiver,
  receiverTrouble,
  diskFull,
  clockShift,
  midnight,
  failover,
  versionDeploy,
];
