/** Words of signing in, up and out. */
export const signInTexts = {
  claim: "Every credit, and why.",
  sign_in: "Sign in",
  sign_in_about: "To your workspace's books.",
  email: "E-mail",
  password: "Password",
  new_password: "New password",
  password_rule: "At least 8 characters.",
  forgotten: "Forgotten your password?",
  no_account: "No account yet?",
  has_account: "Have an account?",
  sign_up: "Create a workspace",
  with_passkey: "Sign in with a passkey",
  back: "Back to sign-in",
  mailbox: "No mail server is set up here: it is in the development mailbox.",
};

export const signUpTexts = {
  about: "Your members' credits in books that always add up. Connect GoHighLevel, or use the API alone.",
  name: "Your name",
  workspace: "Workspace",
  workspace_about: "What your agency or studio is called. It can be changed.",
  needed: {
    name: "Say what we may call you.",
    workspace: "Give the workspace a name.",
    email: "Your e-mail address is needed.",
    password: "Choose a password.",
  },
  sent: "Look at your mail",
  sent_about: (email: string) =>
    `We have written to ${email}. The link in it opens your workspace; it works for a day.`,
  nothing_came: "Nothing came? Look among the junk, or",
  send_again: "send it again",
  sent_again: "Sent again.",
};

export const verifyTexts = {
  title: "Confirming your address",
  failed: "This link does not work any more",
  failed_about:
    "It was used already, or is older than a day. Sign in: if your address is not confirmed, a new link is sent.",
};

export const secondFactorTexts = {
  title: "Second factor",
  about: "The six digits that your authenticator app shows for Kotally.",
  code: "Code",
  backup_about: "One of the codes that you were given when you set this up. Each works once.",
  backup_code: "Backup code",
  use_backup: "Use a backup code",
  use_app: "Use the app's code",
};

export const passwordTexts = {
  forgotten: "Forgotten password",
  forgotten_about: "Tell us the address of your account, and we send a link with which to choose a new one.",
  send: "Send the link",
  sent: "Look at your mail",
  sent_about: (email: string) => `If ${email} has an account, a link is on its way. It works once, within an hour.`,
  reset: "Choose a new password",
  reset_about: "Every open session ends with it, on every device.",
  save: "Save password",
  ask_again: "Ask for a new link",
  no_token: "This link is incomplete. Open it from the mail once more.",
  changed: "Your password is changed. Sign in with it.",
};

/** Why signing in or up did not work, by the door's code. */
export const signInErrorTexts = {
  INVALID_EMAIL: "This is no e-mail address.",
  INVALID_EMAIL_OR_PASSWORD: "E-mail and password do not belong together.",
  EMAIL_NOT_VERIFIED: "This address is not confirmed yet. We have just sent you the link again.",
  PASSWORD_TOO_SHORT: "Use at least 8 characters.",
  PASSWORD_TOO_LONG: "This is too long: at most 128 characters.",
  INVALID_PASSWORD: "This is not your password.",
  INVALID_CODE: "This code does not fit. A new one comes every 30 seconds.",
  INVALID_BACKUP_CODE: "This is none of your codes, or was used before.",
  INVALID_TWO_FACTOR_COOKIE: "That took too long. Sign in once more.",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "Too many wrong codes. Sign in once more.",
  ACCOUNT_TEMPORARILY_LOCKED: "Too many wrong codes. Wait a few minutes, then try again.",
  INVALID_TOKEN: "This link does not work any more. Ask for a new one.",
  TOKEN_EXPIRED: "This link is too old. Ask for a new one.",
  SESSION_NOT_FRESH: "For this, sign in anew first: your session is older than a day.",
  PASSKEY_NOT_FOUND: "This passkey belongs to no account here.",
  CHALLENGE_NOT_FOUND: "That took too long. Try again.",
  PASSKEY_UNVERIFIED: "This device did not ask who you are. Use a passkey with a PIN, a fingerprint or the like.",
  AUTHENTICATION_FAILED: "The passkey was not accepted.",
  PREVIOUSLY_REGISTERED: "This device has a passkey for this account already.",
  PASSKEY_CANCELLED: "No passkey was chosen.",
  RATE_LIMITED: "Too many tries. Wait a minute, then try again.",
};

export const invitationTexts = {
  title: (workspace: string) => `Join ${workspace}`,
  loading: "Your invitation",
  about: (role: string, email: string) => `You are invited as ${role.toLowerCase()}, with the address ${email}.`,
  accept: "Accept",
  sign_in_first: "Sign in and accept",
  sign_in_about: (email: string) => `${email} has an account already: sign in with it, and you are asked again here.`,
  join: "Create account and join",
  closed: "This invitation is over",
  other: (email: string) =>
    `You are signed in as another person. Sign out, then open the mail's link once more as ${email}.`,
  sign_out: "Sign out",
};
