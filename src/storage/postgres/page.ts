/** Which rows of a list to fetch, newest first: at most `fetchLimit` with ids below `beforeId`. */
export interface PageBounds {
  readonly beforeId: string | null;
  readonly fetchLimit: number;
}
