/**
 * Tells those who watch how far a long piece of work has come: at most every `everyMs`, only when it has moved, and one
 * at a time. What could not be told is told the next time.
 */
export async function whileTold<T>(
  input: { readonly everyMs: number; readonly tell: () => Promise<void> },
  work: (moved: () => void) => Promise<T>,
): Promise<T> {
  let hasMoved = false;
  let isTelling = false;
  let telling = Promise.resolve();
  const tell = async (): Promise<void> => {
    hasMoved = false;
    isTelling = true;
    try {
      await input.tell();
    } catch {
      hasMoved = true;
    } finally {
      isTelling = false;
    }
  };
  const timer = setInterval(() => {
    if (hasMoved && !isTelling) telling = tell();
  }, input.everyMs);
  try {
    return await work(() => {
      hasMoved = true;
    });
  } finally {
    clearInterval(timer);
    await telling;
  }
}
