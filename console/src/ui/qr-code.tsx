import { encode } from "uqr";

const QUIET = 3;

/** A text to be scanned; dark on light in both schemes, as scanners want it. */
export function QrCode({ text, label, size = 196 }: { text: string; label: string; size?: number }) {
  const { data, size: count } = encode(text, { border: 0 });
  const path = data.flatMap((row, y) => row.map((is_dark, x) => (is_dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  const side = count + QUIET * 2;
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect x={-QUIET} y={-QUIET} width={side} height={side} rx={1.5} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
