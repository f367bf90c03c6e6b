#!/bin/sh
# Moves the work of a deployment to the workers of another build, and waits until the former ones have none.
#   deploy/rainbow/rainbow.sh <build id> [share in percent to begin with (5)] [seconds to watch it (60)]
# The workers of the new build run already (POSTHORN_BUILD_ID), those of the former build still do. The `temporal`
# program reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the rest of Temporal's variables. Rolling back is the same with
# the former build id.
set -eu

build=${1:?which build id?}
share=${2:-5}
watch=${3:-60}
name=${POSTHORN_DEPLOYMENT:-posthorn}

current() {
  temporal worker deployment describe --name "$name" --output json |
    sed -n 's/.*"currentVersionBuildID": *"\([^"]*\)".*/\1/p' | head -1
}

failed() {
  temporal workflow list --query "ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL" --output json |
    grep -c '"workflowId"' || true
}

until temporal worker deployment describe-version --deployment-name "$name" --build-id "$build" >/dev/null 2>&1; do
  echo "waiting for workers of build $build"
  sleep 1
done

former=$(current)
if [ -n "$former" ] && [ "$share" -gt 0 ]; then
  temporal worker deployment set-ramping-version --deployment-name "$name" --build-id "$build" \
    --percentage "$share" --yes
  echo "$share % of the new runs go to build $build; watching for $watch s"
  sleep "$watch"
  if [ "$(failed)" -gt 0 ]; then
    temporal worker deployment set-ramping-version --deployment-name "$name" --build-id "$build" --delete --yes
    echo "runs cannot go on in build $build: it gets no more of them" >&2
    exit 1
  fi
fi

temporal worker deployment set-current-version --deployment-name "$name" --build-id "$build" --yes
echo "build $build is current"
[ -n "$former" ] && [ "$former" != "$build" ] || exit 0

# A wave may sleep until a retry is due; woken it goes on in the current build.
temporal workflow signal --name wake --reason "deploy of $build" --yes \
  --query "WorkflowType = 'wave' AND ExecutionStatus = 'Running'" || true

until temporal worker deployment describe-version --deployment-name "$name" --build-id "$former" --output json |
  grep -q '"drainageStatus": *"drained"'; do
  echo "waiting for build $former to have no runs left"
  sleep 5
done
echo "build $former has no runs left: stop its workers"
