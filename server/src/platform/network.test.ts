import { expect, test } from "vitest";
import { networkOf } from "./network.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:0001:2::9", "2001:db8:1:2"],
  ["2001:db8::9", "2001:db8:0:0"],
  ["2001::1:2:3:4:5", "2001:0:0:1"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
])("%s belongs to %s", (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test("IPv4 addresses written as IPv6 stay apart", () => {
  expect(networkOf("::ffff:203.0.113.7")).not.toBe(networkOf("::ffff:203.0.113.8"));
});
