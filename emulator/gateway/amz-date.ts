/** `20261121T090000Z` */
export function basicTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

const basicDate = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** What was read last: all requests of a second carry the same date. */
let latest: { readonly text: string; readonly time: number } | undefined;

/** ISO 8601's basic form, as SDKs send it, or the form of the Date header. */
export function parseDate(text: string): number | undefined {
  if (latest?.text === text) return latest.time;
  const parts = basicDate.exec(text);
  const time = parts
    ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`)
    : text.endsWith('GMT')
      ? Date.parse(text)
      : Number.NaN;
  // No service takes a time before the epoch for one.
  if (Number.isNaN(time) || time < 0) return undefined;
  latest = { text, time };
  return time;
}
