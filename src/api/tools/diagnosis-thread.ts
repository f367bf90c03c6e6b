import { parentPort } from 'node:worker_threads';
import { type DiagnosisRequest, diagnose } from '../../signature/diagnosis/diagnose.ts';

parentPort?.on('message', (request: DiagnosisRequest) => parentPort?.postMessage(diagnose(request)));
parentPort?.postMessage('ready');
