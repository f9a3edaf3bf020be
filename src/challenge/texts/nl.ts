/**
 * The page's words in Dutch.
 */
import type { Texts } from './en.ts';

export const nl: Texts = {
  language: 'nl',
  title: 'Nog één stap',
  lead: 'Sommige betalingen controleren we beter. Daarna gaat uw betaling vanzelf verder. U hoeft niets opnieuw in te vullen.',
  leadWithin: 'Sommige betalingen controleren we beter. Daarna gaat uw betaling vanzelf verder.',
  loading: 'Een ogenblik …',
  sending: 'Klaar. Uw betaling is onderweg …',
  passed: 'Klaar. U kunt deze pagina sluiten en teruggaan naar de winkel.',
  waiting: 'We wachten op het resultaat …',
  stopped: 'Gestopt. Er is niets betaald.',
  failed: 'Dat is niet gelukt. Er is niets betaald.',
  unreachable: 'We kregen geen antwoord. Controleer uw verbinding en probeer het opnieuw.',
  unavailable: 'Deze controle kan nu niet worden uitgevoerd. Er is niets betaald.',
  limited: 'Dat is te vaak geprobeerd. Er is niets betaald. Ga terug naar de winkel en betaal later opnieuw.',
  expired: 'De tijd voor deze controle is om. Er is niets betaald. Ga terug naar de winkel en betaal opnieuw.',
  sent: 'Deze betaling is verstuurd. Ziet u geen resultaat, kijk dan in de winkel of bij uw bank voordat u opnieuw betaalt.',
  tooLarge:
    'Dit formulier is te groot om van hieruit opnieuw te versturen. Er is niets betaald. Ga terug, laat weg wat niet nodig is, en betaal opnieuw.',
  withoutScript:
    'Deze controle heeft JavaScript nodig. Zet het aan en laad deze pagina opnieuw, of ga terug naar de winkel. Er is niets betaald.',
  stop: 'Stoppen',
  retry: 'Opnieuw proberen',
  again: 'Opnieuw betalen',
  back: 'Terug naar de winkel',
  another: 'Op een andere manier',
  progress: 'Voortgang',
  reference: 'Referentie',
  done: { title: 'Dank u wel', words: 'U kunt dit venster sluiten. De pagina die het opende gaat vanzelf verder.' },
  unopened: {
    title: 'Betaal alstublieft opnieuw',
    expired:
      'De tijd om deze betaling opnieuw te versturen is om. Er is niets betaald. Ga terug naar de winkel en betaal opnieuw.',
    altered:
      'Deze betaling kon niet opnieuw worden verstuurd. Er is niets betaald. Ga terug naar de winkel en betaal opnieuw.',
  },
  methods: {
    proof_of_work: {
      name: 'Controle door dit apparaat',
      busy: 'Uw apparaat controleert deze betaling. Dat duurt een paar seconden.',
    },
    passkey: {
      name: 'Passkey',
      ready: 'Laat zien dat u het bent: met uw gezicht, vinger of de pincode van uw apparaat.',
      start: 'Passkey gebruiken',
      busy: 'Uw apparaat vraagt het u …',
    },
    turnstile: {
      name: 'Controle door Cloudflare',
      busy: 'Cloudflare controleert deze browser …',
      ask: 'Beantwoord de vraag hierboven.',
    },
    identity: {
      name: 'Identiteitsbewijs en selfie',
      ready:
        'U toont een identiteitsbewijs en uw gezicht op de pagina van Stripe, dat beide voor de winkel controleert. Die opent in een nieuw venster; deze pagina wacht hier op het resultaat.',
      start: 'Identiteitsbewijs en gezicht tonen',
      opening: 'De pagina wordt geopend …',
      busy: 'Ga verder in het andere venster. Laat deze pagina open: ze gaat vanzelf verder.',
    },
  },
};
