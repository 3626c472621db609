import { BlockList, isIP } from 'node:net';

/** A set of IP addresses, given as addresses and ranges such as `10.0.0.0/8`. */
export type AddressList = {
  /** Whether it has an IP address; false for anything else. */
  has(address: string): boolean;
};

/** Creates the list of valid addresses and ranges. */
export function createAddressList(ranges: readonly string[]): AddressList {
  if (ranges.length === 0) return { has: () => false }; // querying an empty block list creates a native object for each address
  const list = new BlockList();
  for (const each of ranges) {
    const [address = '', bits] = each.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) };
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
