/** The sign of Kotally: two columns of a ledger, and the line they come to. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false" style={{ flexShrink: 0 }}>
      <rect width="32" height="32" rx="7" fill="var(--k-mark)" />
      <path d="M10 7v12M16 7v12M22 7v12" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M6.5 17.5 25.5 9" stroke="#8fe0cf" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M8 25h16" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
