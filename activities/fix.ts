export type FixActivities = ReturnType<typeof createFixActivities>;
export function createFixActivities() {
  async function planFix(_input: { readonly fixId: number }): Promise<void> {}
  async function writeFix(_input: { readonly fixId: number }): Promise<void> {}
  async function giveUpFix(_input: {
    readonly fixId: number;
    readonly why: string;
  }): Promise<void> {}
  return { planFix, writeFix, giveUpFix };
}
