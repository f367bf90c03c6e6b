/** How an endpoint is connected to where that differs from all others; null stands for the defaults. PEM texts. */
export interface EndpointRoute {
  readonly minTlsVersion: '1.2' | '1.3';
  readonly clientCertificate: string | null;
  /** Of the client certificate; stored encrypted and shown masked. */
  readonly clientKey: string | null;
  /** One of the published egress addresses. */
  readonly egressAddress: string | null;
}

/** What holds for endpoints without settings of their own. */
export const DEFAULT_ROUTE: EndpointRoute = {
  minTlsVersion: '1.3',
  clientCertificate: null,
  clientKey: null,
  egressAddress: null,
};
