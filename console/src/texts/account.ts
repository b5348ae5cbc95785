/** Words of the account's page. */
export const accountTexts = {
  title: "Your account",
  about: "What belongs to you, in whatever workspace you are.",
  profile: "Profile",
  name: "Name",
  name_about: "As invitations and the list of users show it.",
  name_needed: "Say what we may call you.",
  e_mail: "E-mail",
  save: "Save name",
  saved: "Name saved.",
  workspaces: "Workspaces",
};

export const passwordChangeTexts = {
  title: "Password",
  about: "Changing it ends every other session.",
  current: "Current password",
  new: "New password",
  new_about: "At least 8 characters.",
  change: "Change password",
  done: "Password changed. Every other session is ended.",
};

export const twoFactorTexts = {
  title: "Second factor",
  off: "Whoever knows your password can sign in. A second factor asks for a code from your phone, too.",
  on: "Signing in asks for a code from your authenticator app.",
  is_on: "On",
  set_up: "Set up",
  turn_off: "Turn off",
  new_codes: "New backup codes",
  password: "Your password",
  password_about: "So that nobody else does it on your open screen.",
  go_on: "Go on",
  scan: "Scan this with your authenticator app, then type the code that it shows.",
  by_hand: "Or type this key into the app:",
  code: "Code from the app",
  confirm: "Turn on",
  qr: "QR code for the authenticator app",
  codes: "Backup codes",
  codes_about:
    "Each signs you in once when your phone is gone. Keep them where you keep important papers; they are shown only now.",
  codes_kept: "I have kept them",
  copy_all: "Copy all",
  done_on: "The second factor is on.",
  done_off: "The second factor is off.",
  off_about: "Signing in will ask for your password only.",
};

export const passkeyTexts = {
  title: "Passkeys",
  about: "Sign in with your fingerprint, face or security key instead of the password.",
  none: "No passkeys yet.",
  unsupported: "This browser holds no passkeys.",
  add: "Add a passkey",
  name: "Name",
  name_about: "Which device it is on, for you to know.",
  name_default: "This device",
  unnamed: "Passkey",
  added: (day: string) => `Added ${day}`,
  remove: "Remove",
  remove_title: (name: string) => `Remove ${name}?`,
  remove_about: "It signs you in no more. Delete it on the device, too.",
  done_add: "Passkey added.",
  done_remove: "Passkey removed.",
};

export const sessionTexts = {
  title: "Sessions",
  about: "Where you are signed in. End whatever you do not know.",
  this_one: "This one",
  unknown: "Unknown browser",
  from: (ip: string) => `from ${ip}`,
  signed_in: "Signed in",
  used: "last used",
  end: "End",
  end_others: "End all others",
  ended: "Session ended.",
  ended_others: (count: string) => `${count} ended.`,
};
