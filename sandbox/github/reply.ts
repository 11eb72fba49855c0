// What GitHub answers with: the shapes every subject shares. It must never know who asked.
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

export const ok = (body: unknown): Reply => ({ status: 200, body });
/** Says where the new thing is, when it is anywhere. */
export const created = (body: object): Reply => ({
  ...{ status: 201, body },
  headers: 'url' in body ? { location: `${body.url}` } : {},
});
export const nothing: Reply = { status: 204 };
export const refuse = (status: number, message: string, errors?: unknown[]): Reply => ({
  status,
  body: { message, errors, documentation_url: 'https://docs.github.com/rest', status: `${status}` },
});
export const missing = refuse(404, 'Not Found');
