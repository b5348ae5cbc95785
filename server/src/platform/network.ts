import { isIPv6 } from "node:net";

/** Where an address of the internet belongs: an IPv6 address to its /64, all of which one holder has; an IPv4 address to itself. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const { hostname } = new URL(`http://[${ip.split("%", 1)[0]}]`);
  const shortest = hostname.slice(1, -1);
  if (shortest.startsWith("::ffff:")) return shortest;
  const [head = [], tail = []] = shortest.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...gap, ...tail].slice(0, 4).join(":");
}
