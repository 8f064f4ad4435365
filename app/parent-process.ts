/** What a child says once it is ready to work. */
export const readyMessage = 'ready';

/** Tells the parent, if there is one, that everything is up. */
export function sayReady(): void {
  tellParent(readyMessage);
}

/** Tells the parent, if there is one, why it did not come up. */
export function saySentence(sentence: string): void {
  tellParent(sentence);
}

/** The parent may be gone already; then there is nobody to tell. */
function tellParent(message: string): void {
  if (process.connected) process.send?.(message, () => {});
}
