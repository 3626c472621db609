import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createAddressList } from '#adapters/address-list.ts';

const found = new WeakMap<IncomingMessage, string>();

/** Returns the client address found by `createAddressFinder`, or the remote address of the socket if it did not run. */
export function addressOf(request: IncomingMessage): string {
  return found.get(request) ?? socketAddressOf(request);
}

/**
 * Creates the function that finds the client address behind trusted proxies, by `x-forwarded-for`. Each proxy appends the address that it
 * received the request from, so the last address that is not a trusted proxy is the client. Anything before it can be forged.
 */
export function createAddressFinder(trusted: readonly string[]): (request: IncomingMessage) => void {
  if (trusted.length === 0) return () => {};
  const proxies = createAddressList(trusted);
  return (request) => {
    let client = socketAddressOf(request);
    if (!proxies.has(client)) return;
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
    for (const hop of hops.reverse()) {
      const address = plainAddress(hop.trim());
      if (!isIP(address)) break;
      client = address;
      if (!proxies.has(client)) break;
    }
    found.set(request, client);
  };
}

const socketAddressOf = ({ socket }: IncomingMessage) => plainAddress(socket.remoteAddress ?? 'unknown');

/** Removes a port, which some proxies add, and the IPv6 prefix of IPv4 addresses, which dual-stack sockets report. */
function plainAddress(text: string): string {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? [];
  const [, withPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  return (bracketed ?? withPort ?? text).replace(/^::ffff:(?=\d+\.)/i, '');
}

const HEXTETS = 8;
/** The groups of an IPv6 address that identify a network. */
const NETWORK_HEXTETS = 4;

/**
 * Returns the network that a client controls at least: the /64 of an IPv6 address, within which it can choose addresses freely; other
 * addresses unchanged. For limits, not for the audit log.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = [], tail] = address.replace(/%.*/, '').split('::').map(parseHextets);
  const zeros = Array<string>(tail ? HEXTETS - head.length - tail.length : 0).fill('0');
  return `${[...head, ...zeros, ...(tail ?? [])].slice(0, NETWORK_HEXTETS).join(':')}::/64`;
}

/** Returns the groups of 16 bits, without leading zeros. An IPv4 address at the end counts as two groups of any value. */
function parseHextets(text: string): string[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : Number.parseInt(group, 16).toString(16)));
}
