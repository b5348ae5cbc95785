/** What went wrong, for a person. Codes that are not here speak through the rules' own words. */
export const errorTexts = {
  codes: {
    UNREACHABLE: "The server could not be reached. Check the connection and try again.",
    UNAUTHORIZED: "You are signed out.",
    FORBIDDEN: "Your role does not allow this.",
    NOT_FOUND: "There is nothing here by that name, or it is not yours to see.",
    CONFIG_NOT_FOUND: "No active product config covers this.",
    VALIDATION_ERROR: "Some fields need another look.",
    INTERNAL_ERROR: "Something broke on the server. It is logged; trying again is safe.",
    RATE_LIMITED: "That was too often. Wait a moment and try again.",
    PREVIEW_OUTDATED:
      "Something changed since you looked, so nothing was done. Look at what would happen now, and confirm again.",
    BILLING_SUSPENDED: "Billing is suspended, so nothing may change. Reading still works.",
  },
  unknown: "The server gave an answer that this page does not know.",
  title: "This could not be loaded",
  no_permission: "Not for your role",
  no_permission_about: "Ask an owner of the workspace to change your role, or to do this for you.",
  not_found: "Not found",
  not_found_about: "It may have been removed, or the address has a typo.",
  page_broke: "This page broke",
  page_broke_about: "Nothing was changed by it. Reload to go on.",
  retry: "Try again",
  reload: "Reload",
  home: "Go to the start",
  reference: (correlation_id: string) => `Reference ${correlation_id}`,
};
