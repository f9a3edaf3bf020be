/**
 * The page's words in German.
 */
import type { Texts } from './en.ts';

export const de: Texts = {
  language: 'de',
  title: 'Noch ein Schritt',
  lead: 'Manche Zahlungen prüfen wir genauer. Danach geht Ihre Zahlung von selbst weiter. Sie müssen nichts noch einmal eingeben.',
  leadWithin: 'Manche Zahlungen prüfen wir genauer. Danach geht Ihre Zahlung von selbst weiter.',
  loading: 'Einen Moment …',
  sending: 'Fertig. Ihre Zahlung ist unterwegs …',
  passed: 'Fertig. Sie können diese Seite schließen und zum Shop zurückkehren.',
  waiting: 'Wir warten auf das Ergebnis …',
  stopped: 'Angehalten. Es wurde nichts bezahlt.',
  failed: 'Das hat nicht geklappt. Es wurde nichts bezahlt.',
  unreachable: 'Wir haben keine Antwort bekommen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  unavailable: 'Diese Prüfung ist im Moment nicht möglich. Es wurde nichts bezahlt.',
  limited:
    'Das waren zu viele Versuche. Es wurde nichts bezahlt. Gehen Sie zurück zum Shop und bezahlen Sie später noch einmal.',
  expired:
    'Die Zeit für diese Prüfung ist abgelaufen. Es wurde nichts bezahlt. Gehen Sie zurück zum Shop und bezahlen Sie noch einmal.',
  sent: 'Diese Zahlung wurde abgeschickt. Wenn Sie kein Ergebnis sehen, schauen Sie im Shop oder bei Ihrer Bank nach, bevor Sie noch einmal bezahlen.',
  tooLarge:
    'Dieses Formular ist zu groß, um von hier noch einmal gesendet zu werden. Es wurde nichts bezahlt. Gehen Sie zurück, lassen Sie weg, was nicht nötig ist, und bezahlen Sie noch einmal.',
  withoutScript:
    'Diese Prüfung braucht JavaScript. Schalten Sie es ein und laden Sie die Seite neu, oder gehen Sie zurück zum Shop. Es wurde nichts bezahlt.',
  stop: 'Anhalten',
  retry: 'Noch einmal versuchen',
  again: 'Noch einmal bezahlen',
  back: 'Zurück zum Shop',
  another: 'Auf andere Weise',
  progress: 'Fortschritt',
  reference: 'Referenz',
  done: {
    title: 'Vielen Dank',
    words: 'Sie können dieses Fenster schließen. Die Seite, die es geöffnet hat, geht von selbst weiter.',
  },
  unopened: {
    title: 'Bitte bezahlen Sie noch einmal',
    expired:
      'Die Zeit, diese Zahlung noch einmal zu senden, ist abgelaufen. Es wurde nichts bezahlt. Gehen Sie zurück zum Shop und bezahlen Sie noch einmal.',
    altered:
      'Diese Zahlung konnte nicht noch einmal gesendet werden. Es wurde nichts bezahlt. Gehen Sie zurück zum Shop und bezahlen Sie noch einmal.',
  },
  methods: {
    proof_of_work: {
      name: 'Prüfung durch dieses Gerät',
      busy: 'Ihr Gerät prüft diese Zahlung. Das dauert ein paar Sekunden.',
    },
    passkey: {
      name: 'Passkey',
      ready: 'Zeigen Sie, dass Sie es sind: mit Gesicht, Finger oder der PIN Ihres Geräts.',
      start: 'Passkey verwenden',
      busy: 'Ihr Gerät fragt Sie gerade …',
    },
    turnstile: {
      name: 'Prüfung durch Cloudflare',
      busy: 'Cloudflare prüft diesen Browser …',
      ask: 'Bitte beantworten Sie die Frage oben.',
    },
    identity: {
      name: 'Ausweis und Selfie',
      ready:
        'Sie zeigen einen Ausweis und Ihr Gesicht auf der Seite von Stripe, das beides für den Shop prüft. Sie öffnet sich in einem neuen Fenster; diese Seite wartet hier auf das Ergebnis.',
      start: 'Ausweis und Gesicht zeigen',
      opening: 'Die Seite wird geöffnet …',
      busy: 'Machen Sie im anderen Fenster weiter. Lassen Sie diese Seite offen: Sie geht von selbst weiter.',
    },
  },
};
