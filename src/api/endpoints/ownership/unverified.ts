import { Problem } from '../../platform/answers/problem.ts';

/** 409 for what an endpoint may not have done before it has shown that it answers for its URL. */
export function unverified(id: string): Problem {
  const detail =
    `The endpoint has not shown yet that it answers for its URL; POST ` +
    `/v1/endpoints/${id}/verify asks it again.`;
  return new Problem(409, 'endpoint_unverified', { detail });
}
