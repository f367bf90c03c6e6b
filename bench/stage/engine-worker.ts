import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** Run as a process: `engine-worker.js <address> <task queue>`. The product's own worker is left out on purpose. */
const [, , address = '', taskQueue = ''] = process.argv;
const SIDE_BY_SIDE = 100;

Runtime.install({ shutdownSignals: ['SIGTERM', 'SIGINT'], logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./engine-workflow.js', import.meta.url)),
  activities: { tellTime: async () => performance.timeOrigin + performance.now() },
  maxConcurrentActivityTaskExecutions: SIDE_BY_SIDE,
  maxConcurrentWorkflowTaskExecutions: SIDE_BY_SIDE,
});
process.stdout.write('engine worker ready\n');
await worker.run();
await connection.close();
