import type { WorkflowDefinitionOptions } from '@temporalio/common';
import { makeContinueAsNewFunc, type Workflow, workflowInfo } from '@temporalio/workflow';

/**
 * Whether a run that keeps to its version of the workers is wanted in another, or has a history that is long enough.
 */
export function isTimeToGoOn(): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged;
}

/** Goes on in a new run, in the version of the workers that is wanted now. */
export async function goOn<F extends Workflow>(...args: Parameters<F>): Promise<never> {
  const { targetWorkerDeploymentVersionChanged: isWantedElsewhere } = workflowInfo();
  const options = isWantedElsewhere ? ({ initialVersioningBehavior: 'AUTO_UPGRADE' } as const) : {};
  return await makeContinueAsNewFunc<F>(options)(...args);
}

/**
 * Has a workflow keep to the version that it was begun in, where its worker has one: others are refused such a wish.
 */
export function pinnedWhereVersioned(): WorkflowDefinitionOptions {
  const { currentDeploymentVersion } = workflowInfo();
  const isVersioned = (currentDeploymentVersion?.deploymentName ?? '') !== '';
  return isVersioned ? { versioningBehavior: 'PINNED' } : {};
}
