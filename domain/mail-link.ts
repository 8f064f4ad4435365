/** What may be done from an email. */
export type MailAct = 'claim' | 'snooze' | 'fixed-by-hand' | 'dismiss';

/** What one link of an email is for. */
export type MailPurpose =
  | { readonly kind: 'act'; readonly act: MailAct; readonly warningId: number }
  /** No more emails to this person. May be used again, since it does nothing new then. */
  | { readonly kind: 'unsubscribe' };

/** How long an email's links work. */
export const mailLinkLifeMs = 7 * 86_400_000;
