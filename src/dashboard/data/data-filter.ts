/** What the field for it is called. */
export const DATA_LABEL = 'Data, such as job_id=J-7';

/**
 * What `job_id=J-7` asks for: members of data with their values, several between `&`; undefined where nothing is asked.
 */
export function dataFilterOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const members = text.split('&').map((part) => {
    const at = part.includes('=') ? part.indexOf('=') : part.length;
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
  });
  return Object.fromEntries(members);
}
