import type { ChannelCapabilities, MessageRef, Retired, WayName } from '../bot/channel.ts';

/** Where one delivery goes, with what is to stand there now. */
export interface Destination {
  readonly name: WayName;
  readonly capabilities: ChannelCapabilities;
  readonly version: number;
  /** It shows how far something has come, which moves within a version. */
  readonly isMoving: boolean;
  /** Nobody who was not told yet needs to be any more. */
  readonly isOver: boolean;
  post(): Promise<MessageRef>;
  update(message: MessageRef): Promise<void>;
  /** Where an earlier post arrived; null where it did not. Only called where `capabilities.find`. */
  find(): Promise<MessageRef | null>;
  /** Takes away the message in whose place a new one comes; as Channel.retire. */
  retire(message: MessageRef): Promise<Retired>;
  /** It was refused for good: goes on another way, where there is one. */
  fallBack(): Promise<void>;
}
