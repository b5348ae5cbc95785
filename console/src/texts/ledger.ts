/** Words of lists of ledger entries. */
export const ledgerTexts = {
  columns: { when: "When", entry: "Entry", reason: "Reason", amount: "Amount", left: "Left" },
};
