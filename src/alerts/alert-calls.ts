/**
 * What an alerts object is asked, as its calls arrive at whoever asks.
 */
import type { Processor } from '../outcome/processor-event.ts';
import type { Noticed } from './alert-kinds.ts';
import type { AlertOverview, SentNow } from './overview.ts';
import type { Watch } from './watch.ts';

export interface AlertCalls {
  watch(watch: Watch): Promise<void>;
  unwatch(): Promise<void>;
  notice(noticed: Noticed): Promise<void>;
  hear(processor: Processor, events: number): Promise<void>;
  overview(): Promise<AlertOverview>;
  sendTest(): Promise<SentNow>;
  resend(message: string): Promise<SentNow>;
}
