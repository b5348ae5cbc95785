/** What each role may do. */
export const roleTexts = {
  owner: { name: "Owner", about: "Everything: billing, users, support access, and all that an admin may." },
  admin: { name: "Admin", about: "Every operation: members, products, bookings, payments, API clients, locations." },
  viewer: { name: "Viewer", about: "Reads everything, changes nothing." },
};

/** Words of the users of a workspace. */
export const usersTexts = {
  title: "Users",
  about_viewer: "Only owners invite people and change roles.",
  invite: "Invite somebody",
  people: "People",
  you: "You",
  columns: {
    name: "Name",
    email: "E-mail",
    role: "Role",
    second_factor: "Second factor",
    joined: "Since",
  },
  second_factor: { on: "On", off: "Off" },
  menu: (name: string) => `What can be done with ${name}`,
  change_role: {
    action: "Change role…",
    title: (name: string) => `${name}'s role`,
    about: "It holds from their next request on.",
    role: "Role",
    confirm: "Change role",
    done: (name: string) => `${name} has another role.`,
  },
  hand_over: {
    action: "Hand the workspace over…",
    title: (name: string) => `Hand the workspace over to ${name}`,
    about: (name: string) => `${name} becomes an owner, and you become an admin: both or neither.`,
    confirm: "Hand over",
    done: (name: string) => `${name} owns the workspace now.`,
  },
  remove: {
    action: "Remove…",
    title: (name: string) => `Remove ${name}`,
    about: (name: string) =>
      `${name} reaches nothing of this workspace from this moment on. What they did stays in the audit trail.`,
    confirm: "Remove",
    done: (name: string) => `${name} was removed.`,
  },
  invite_dialog: {
    title: "Invite somebody",
    about: "They get a mail with a link that works for seven days, for that address only.",
    email: "E-mail",
    email_needed: "An e-mail address, such as name@studio.com.",
    role: "Role",
    confirm: "Send invitation",
    done: (email: string) => `${email} is invited.`,
  },
  invitations: "Open invitations",
  invitation_columns: { email: "E-mail", role: "Role", by: "Invited by", sent: "Sent", until: "Works until" },
  no_invitations: "Nobody is invited at the moment.",
  expired: "Expired",
  resend: { action: "Send again", done: (email: string) => `${email} has a new link; the one before ended.` },
  withdraw: {
    action: "Take back…",
    title: (email: string) => `Take the invitation of ${email} back`,
    about: "Its link leads nowhere from this moment on.",
    confirm: "Take back",
    done: (email: string) => `${email} is not invited any more.`,
  },
};

/** Words of the access that Kotally's support has. */
export const supportTexts = {
  title: "Support access",
  about:
    "Kotally's support sees this workspace only while an owner lets them, and changes nothing. What they look at stands in the audit trail.",
  nobody: "There is no support to let in on this server.",
  never: "Nobody of support was ever let in.",
  let: "Let support look…",
  columns: { who: "Who", reason: "About", granted: "Since", until: "Until", state: "State" },
  open: "May look",
  over: "Over",
  ended: "Ended",
  end: {
    action: "End now",
    title: (who: string) => `End ${who}'s access`,
    about: "They reach nothing of this workspace from this moment on.",
    confirm: "End access",
    done: "Support looks no longer.",
  },
  dialog: {
    title: "Let support look",
    who: "Who",
    who_needed: "Choose who may look.",
    how_long: "For how long",
    hours: { "1": "One hour", "4": "Four hours", "24": "A day", "72": "Three days" },
    reason: "What it is about",
    reason_needed: "Say what it is about: it stands in the audit trail.",
    confirm: "Let them look",
    done: "Support may look.",
  },
};
