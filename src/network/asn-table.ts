/**
 * What well-known networks are for, by operator: put together by hand, most hosting networks checked against two lists
 * under the MIT licence, X4BNet/lists_vpn (167937a) and brianhama/bad-asn-list (cac788b); the others, most gateways
 * among them, are common knowledge and were looked up nowhere. Neither list is taken whole (docs/decisions.md).
 */
import type { NetworkClass } from './tables.ts';

interface Operator {
  readonly kind: NetworkClass;
  readonly name: string;
  readonly asns: readonly number[];
}

const HOSTING: Readonly<Record<string, readonly number[]>> = {
  'Amazon Web Services': [8987, 14618, 16509],
  // AS15169 carries Google's own services and its phones' VPN as well: not here.
  'Google Cloud': [396982],
  'Microsoft Azure': [8075],
  'Oracle Cloud': [31898],
  'IBM Cloud': [36351],
  'Alibaba Cloud': [37963, 45102, 134963],
  'Tencent Cloud': [45090, 132203],
  'Huawei Cloud': [55990, 136907],
  'Baidu Cloud': [38365, 55967],
  UCloud: [135377],
  DigitalOcean: [14061, 62567],
  'Akamai Cloud (Linode)': [63949],
  Vultr: [20473],
  Hetzner: [24940, 212317, 213230],
  OVHcloud: [16276],
  Scaleway: [12876],
  Contabo: [40021, 51167, 141995],
  Leaseweb: [7203, 28753, 30633, 59253, 60781, 133752, 205544, 394380, 395954, 396190, 396362],
  IONOS: [8560],
  STRATO: [6724],
  netcup: [197540],
  'Host Europe': [8972, 20773],
  myLoc: [24961],
  PlusServer: [61157],
  Infomaniak: [29222],
  Exoscale: [61098],
  TransIP: [20857],
  Worldstream: [49981],
  NForce: [43350],
  Serverius: [50673],
  Hostkey: [57043],
  'Advanced Hosting': [39572],
  Rackspace: [15395, 19994, 27357, 33070, 45187],
  'Equinix Metal': [54825],
  GoDaddy: [26496, 398101],
  Namecheap: [22612],
  DreamHost: [26347],
  'Newfold (Bluehost, HostGator)': [46606],
  'Liquid Web': [32244],
  Hostinger: [47583],
  Hostwinds: [54290],
  HostHatch: [63473],
  InterServer: [19318],
  Kamatera: [36007],
  UpCloud: [25697, 202053],
  'Fly.io': [40509],
  'Servers.com': [7979],
  'Cherry Servers': [16125],
  Clouvider: [62240],
  Gcore: [199524, 202422],
  Zenlayer: [21859],
  Selectel: [49505],
  Timeweb: [9123],
  Melbicom: [8849, 56630],
  Aeza: [210644],
  'Stark Industries': [44477],
  HostRoyale: [203020],
  Voxility: [3223],
  QuadraNet: [8100],
  Psychz: [40676],
  ColoCrossing: [36352],
  FranTech: [53667],
  Sharktech: [46844],
  Hivelocity: [29802],
  'B2 Net Solutions': [55286],
  'Total Server Solutions': [46562],
  'Limestone Networks': [46475],
  DataShack: [33387],
  "Joe's Datacenter": [19969],
  tzulo: [11878],
  RamNode: [3842],
  'IT7 Networks': [25820],
  Multacom: [35916],
  'CDN77 (Datacamp)': [60068],
};

/** Operators of VPNs, and the data centres that house little else. */
const VPN: Readonly<Record<string, readonly number[]>> = {
  M247: [9009],
  'Datacamp (VPN)': [212238],
  'PacketHub (NordVPN)': [136787, 141039, 147049, 207137],
  Surfshark: [209854],
  'Proton VPN': [208172, 209103],
  Mullvad: [39351, 216025],
  PrivadoVPN: [50525],
  VPNtranet: [20448],
  'Zwiebelfreunde (Tor exits)': [60729],
};

/**
 * Ordinary people's traffic, many to an address. iCloud Private Relay leaves by these (Sattler et al., "Towards a Tectonic
 * Traffic Shift?", IMC 2022); Cloudflare's also carries WARP, and Workers: see asn-classes.ts.
 */
const RELAYS: Readonly<Record<string, readonly number[]>> = {
  Akamai: [20940, 36183],
  Cloudflare: [13335],
  Fastly: [54113],
};

/** Security services that whole companies surf through. */
const GATEWAYS: Readonly<Record<string, readonly number[]>> = {
  Zscaler: [22616, 53444, 53813, 62044, 62907],
  Netskope: [55256],
  'Cisco Umbrella': [36692],
  'Palo Alto Networks': [54538],
  Forcepoint: [13448, 44444],
  'Cato Networks': [13150],
  'Check Point': [398391],
};

const operatorsOf = (kind: NetworkClass, table: Readonly<Record<string, readonly number[]>>): readonly Operator[] =>
  Object.entries(table).map(([name, asns]) => ({ kind, name, asns }));

/** Every network stands here once. */
export const OPERATORS: readonly Operator[] = [
  ...operatorsOf('hosting', HOSTING),
  ...operatorsOf('vpn', VPN),
  ...operatorsOf('relay', RELAYS),
  ...operatorsOf('gateway', GATEWAYS),
];
