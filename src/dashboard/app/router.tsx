import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  retainSearchParams,
} from '@tanstack/react-router';
import { PAGE, PAGE_ROOT } from '../data/page.ts';
import { sharedSearch, textsOf } from '../data/search.ts';
import { NotFound } from './not-found.tsx';
import { PageFailed } from './page-failed.tsx';
import { Shell } from './shell.tsx';

type Raw = Record<string, unknown>;

const root = createRootRoute({
  component: Shell,
  validateSearch: sharedSearch,
  search: { middlewares: [retainSearchParams(['customer_id', 'range'])] },
});

/** Pages of the operator alone: a portal never fetches them. */
const operatorOnly = {
  beforeLoad: () => {
    if (PAGE.door === 'portal') throw notFound();
  },
};

/** What restricts deliveries, dead or not. */
const DELIVERY_FILTERS = ['event', 'endpoint_id', 'event_id', 'error_code', 'data'] as const;

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/overview.tsx'), 'OverviewPage'),
});
const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/deliveries',
  validateSearch: (raw: Raw) => textsOf(raw, [...DELIVERY_FILTERS, 'status', 'open', 'attempt']),
  component: lazyRouteComponent(() => import('../pages/deliveries/deliveries.tsx'), 'DeliveriesPage'),
});
const delivery = createRoute({
  getParentRoute: () => root,
  path: '/deliveries/$id',
  validateSearch: (raw: Raw) => textsOf(raw, ['attempt']),
  component: lazyRouteComponent(() => import('../pages/delivery/delivery.tsx'), 'DeliveryPage'),
});
const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: (raw: Raw) => textsOf(raw, [...DELIVERY_FILTERS, 'reason', 'flat']),
  component: lazyRouteComponent(() => import('../pages/dead-letters/dead-letters.tsx'), 'DeadLettersPage'),
});
const endpoints = createRoute({
  getParentRoute: () => root,
  path: '/endpoints',
  validateSearch: (raw: Raw) => textsOf(raw, ['status', 'breaker_state', 'event', 'url']),
  component: lazyRouteComponent(() => import('../pages/endpoints/endpoints.tsx'), 'EndpointsPage'),
});
const newEndpoint = createRoute({
  getParentRoute: () => root,
  path: '/endpoints/new',
  component: lazyRouteComponent(() => import('../pages/endpoints/new-endpoint.tsx'), 'NewEndpointPage'),
});
const endpoint = createRoute({
  getParentRoute: () => root,
  path: '/endpoints/$id',
  validateSearch: (raw: Raw) => textsOf(raw, ['tab']),
  component: lazyRouteComponent(() => import('../pages/endpoint/endpoint.tsx'), 'EndpointPage'),
});
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: (raw: Raw) => textsOf(raw, ['event', 'data', 'reached']),
  component: lazyRouteComponent(() => import('../pages/events/events.tsx'), 'EventsPage'),
});
const publish = createRoute({
  getParentRoute: () => root,
  path: '/events/new',
  component: lazyRouteComponent(() => import('../pages/events/publish.tsx'), 'PublishPage'),
});
const event = createRoute({
  getParentRoute: () => root,
  path: '/events/$id',
  component: lazyRouteComponent(() => import('../pages/events/event.tsx'), 'EventPage'),
});
const replays = createRoute({
  getParentRoute: () => root,
  path: '/replays',
  validateSearch: (raw: Raw) => textsOf(raw, ['status', 'endpoint_id']),
  component: lazyRouteComponent(() => import('../pages/replays/replays.tsx'), 'ReplaysPage'),
});
const replay = createRoute({
  getParentRoute: () => root,
  path: '/replays/$id',
  component: lazyRouteComponent(() => import('../pages/replays/replay.tsx'), 'ReplayPage'),
});
const eventTypes = createRoute({
  getParentRoute: () => root,
  path: '/event-types',
  component: lazyRouteComponent(() => import('../pages/event-types/event-types.tsx'), 'EventTypesPage'),
});
const eventType = createRoute({
  getParentRoute: () => root,
  path: '/event-types/$name',
  component: lazyRouteComponent(() => import('../pages/event-types/event-type.tsx'), 'EventTypePage'),
});
const tools = createRoute({
  getParentRoute: () => root,
  path: '/tools',
  component: lazyRouteComponent(() => import('../pages/tools/tools.tsx'), 'ToolsPage'),
});
const live = createRoute({
  getParentRoute: () => root,
  path: '/live',
  validateSearch: (raw: Raw) => textsOf(raw, ['event', 'status']),
  component: lazyRouteComponent(() => import('../pages/live/live.tsx'), 'LivePage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings/$tab',
  validateSearch: (raw: Raw) => textsOf(raw, ['action', 'subject_id']),
  component: lazyRouteComponent(() => import('../pages/settings/settings.tsx'), 'SettingsPage'),
  ...operatorOnly,
});

const routeTree = root.addChildren([
  overview,
  deliveries,
  delivery,
  deadLetters,
  endpoints,
  newEndpoint,
  endpoint,
  events,
  publish,
  event,
  replays,
  replay,
  eventTypes,
  eventType,
  tools,
  live,
  settings,
]);

/** Every place of the console, by its address below the door. */
export const router = createRouter({
  routeTree,
  basepath: PAGE_ROOT,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageFailed,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
