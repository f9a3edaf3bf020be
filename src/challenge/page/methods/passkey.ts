/**
 * A passkey on the payer's device: the browser asks for his face, finger or PIN, and the device signs. It begins with a
 * press of a button, for browsers open nothing without one.
 */
import {
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import type { Run } from '../method-part.ts';

export const run: Run = async (task, ui) => {
  ui.say(ui.text('ready'));
  await ui.ask(ui.text('start'));
  ui.say(ui.text('busy'));
  ui.signal.addEventListener('abort', () => WebAuthnAbortService.cancelCeremony());
  return startAuthentication({ optionsJSON: task as PublicKeyCredentialRequestOptionsJSON });
};
