/** The address of a server on the demo model, and that of a gRPC-Web proxy before it; check.sh starts both. */
export function serverAddress(): string {
  return named('STRATALENS_ADDRESS');
}

export function proxyUrl(): string {
  return named('STRATALENS_WEB_URL');
}

function named(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set; check.sh starts a server and a proxy, and sets it`);
  return value;
}
