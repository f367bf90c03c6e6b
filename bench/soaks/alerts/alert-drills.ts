import { UsageError } from '../../options.ts';
import { type AlertDrill, untilEnough } from './alert-drill.ts';
import { cutOff, deadRows, forgottenTransaction, manyReads } from './postgres-drills.ts';
import { nobodyReached, refusals } from './receiver-drills.ts';
import { killedTemporal, runsOfAnotherVersion } from './temporal-drills.ts';
import {
  killedInTheMiddle,
  killedWorker,
  noFilesLeft,
  slowPostgres,
  smallWorker,
  starvedWorker,
} from './worker-drills.ts';

/** The API is killed, and stays away. */
const killedApi: AlertDrill = {
  alerts: ['PosthornApiDown'],
  async make({ installation }, over) {
    await installation.api.kill();
    await untilEnough(over);
  },
};

/** The network is first, since whoever is reached ends a suspicion; after the last there is no API. */
export function alertDrills(): readonly AlertDrill[] {
  return [
    nobodyReached,
    refusals,
    starvedWorker,
    smallWorker,
    killedWorker,
    killedInTheMiddle,
    noFilesLeft,
    slowPostgres,
    runsOfAnotherVersion,
    killedTemporal,
    manyReads,
    cutOff,
    deadRows,
    forgottenTransaction(),
    killedApi,
  ];
}

/** The drills that make these alerts fire, all of them where null. @throws UsageError where none makes one */
export function drillsFor(names: readonly string[] | null): readonly AlertDrill[] {
  const drills = alertDrills();
  if (names === null) return drills;
  const undrilled = names.find((name) => !drills.some(({ alerts }) => alerts.includes(name)));
  if (undrilled !== undefined) throw new UsageError(`there is no drill of "${undrilled}"`);
  return drills.filter(({ alerts }) => alerts.some((name) => names.includes(name)));
}
