/**
 * Names for many countries at once, for country rules. Continents: GeoNames, countryInfo.txt (CC BY 4.0), whose codes
 * are those of `request.cf.continent`, without the dissolved AN and CS. Unions: see each.
 */
const CONTINENTS = {
  AF: 'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  AN: 'AQ BV GS HM TF',
  AS: 'AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TR TW UZ VN YE',
  EU: 'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK',
  NA: 'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI',
  OC: 'AS AU CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS',
  SA: 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
} as const;

/** Article 52 of the Treaty on European Union; AX and the outermost regions by Article 355 (1) and (4) TFEU. */
const EUROPEAN_UNION =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK AX GF GP MF MQ RE YT';
/** The European Union, and the states of EFTA that are parties to the Agreement on the European Economic Area. */
const EUROPEAN_ECONOMIC_AREA = `${EUROPEAN_UNION} IS LI NO`;

const codes = (text: string): readonly string[] => text.split(' ');

const REGIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(CONTINENTS).map(([name, text]) => [`continent:${name}`, codes(text)] as const),
  ['region:eu', codes(EUROPEAN_UNION)],
  ['region:eea', codes(EUROPEAN_ECONOMIC_AREA)],
]);

/** ISO 3166-1 alpha-2, and XK, which the edge says for Kosovo. */
const COUNTRIES: ReadonlySet<string> = new Set(Object.values(CONTINENTS).flatMap(codes));

export const REGION_NAMES: readonly string[] = [...REGIONS.keys()];

export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}

/** The countries that a name stands for: a country for itself, a region for all of its own; null for any other name. */
export function countriesOf(name: string): readonly string[] | null {
  return isCountry(name) ? [name] : (REGIONS.get(name) ?? null);
}
