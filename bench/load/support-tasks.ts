import type { SupportDesk } from './support-desk.ts';

/** What somebody at support is asked to do; each begins at the overview. */
export interface SupportTask {
  readonly name: string;
  run(desk: SupportDesk): Promise<void>;
}

/** Things of the customers that the tasks are about, by the names that support knows them by. */
export const SCENE = {
  /** Has a paused endpoint, so that the event of job `J-7` waits. */
  held: { customer: 'acme', place: 'acme', job: 'J-7' },
  /** Has an endpoint that took nothing: three dead letters, and is well by now. */
  dead: { customer: 'globex', place: 'globex' },
  /** Is well. */
  well: { customer: 'initech', place: 'initech', job: 'J-8' },
} as const;

/** In this order, since the later ones find what the earlier ones left. */
export const SUPPORT_TASKS: readonly SupportTask[] = [
  {
    name: 'say why the event of a job has not arrived',
    run: async (desk) => {
      await desk.click('link', 'Events');
      await desk.type('Data, such as job_id=J-7', `job_id=${SCENE.held.job}`);
      await desk.read(/^1 event\b/);
      await desk.click('link', /^job\.completed/);
      await desk.read(/paused/);
    },
  },
  {
    name: 'say what a receiver answered, and what it was sent',
    run: async (desk) => {
      await inCustomer(desk, SCENE.dead.customer);
      await desk.click('link', 'Deliveries');
      await desk.click('link', 'Dead');
      await desk.click('link', /^job\.completed, delivery/);
      await desk.read('Response headers');
    },
  },
  {
    name: 'say which customers fail, and of what',
    run: async (desk) => {
      await desk.click('link', 'See the causes');
      await desk.read(/one by one/);
    },
  },
  {
    name: 'send everything again after an outage',
    run: async (desk) => {
      await inCustomer(desk, SCENE.dead.customer);
      await desk.click('link', 'Dead letters');
      await desk.click('button', 'Retry matching…');
      await desk.click('button', 'Retry 3');
      await desk.read('3 delivered');
    },
  },
  {
    name: 'have held deliveries go out',
    run: async (desk) => {
      await openEndpoint(desk, SCENE.held);
      await desk.click('button', 'Resume');
      await desk.read('Resumed: what was held goes out now.');
    },
  },
  {
    name: 'send the event of one job again',
    run: async (desk) => {
      await desk.click('link', 'Events');
      await desk.type('Data, such as job_id=J-7', `job_id=${SCENE.well.job}`);
      await desk.read(/^1 event\b/);
      await desk.click('link', /^job\.completed/);
      await desk.click('button', 'Send again');
      await desk.read('It goes out now.');
    },
  },
  {
    name: 'hold what a customer gets, with a reason',
    run: async (desk) => {
      await openEndpoint(desk, SCENE.well);
      await desk.click('button', 'Pause…');
      await desk.type('Reason', 'they move house');
      await desk.click('button', 'Pause');
      await desk.read('“they move house”');
    },
  },
  {
    name: 'replace a secret that has leaked',
    run: async (desk) => {
      await openEndpoint(desk, SCENE.well);
      await desk.click('link', 'Secret');
      await desk.click('button', 'Rotate…');
      await desk.click('button', 'Rotate');
      await desk.read('Two secrets sign at the moment.');
    },
  },
];

async function openEndpoint(
  desk: SupportDesk,
  { customer, place }: { readonly customer: string; readonly place: string },
): Promise<void> {
  await inCustomer(desk, customer);
  await desk.click('link', 'Endpoints');
  await desk.readTitle('Endpoints');
  await desk.click('link', new RegExp(place));
  await desk.readTitle(new RegExp(place));
}

async function inCustomer(desk: SupportDesk, customer: string): Promise<void> {
  await desk.type('Customer', customer);
  await desk.page.waitForURL(/customer_id=/);
}
