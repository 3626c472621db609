import type { Config } from './config/config.ts';

/** Hosts that stand for all addresses of the machine, and are none that a browser could open. */
const WILDCARDS = ['0.0.0.0', '::'];

/** Returns the address by which a server with these settings is reached from its own machine. */
export function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  if (WILDCARDS.includes(host)) return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
